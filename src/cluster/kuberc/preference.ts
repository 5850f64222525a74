/** What of a kuberc is about credential plugins. */
export interface Preference {
  /** Empty where the file does not say. */
  readonly policy: string;
  readonly allowlist: readonly string[] | undefined;
  /** What kubectl warns of and ignores: unknown fields, a key that is there twice. */
  readonly unknown: readonly string[];
}

/** Text, a list of one shape, or a mapping with these fields: what kubectl's decoder takes; null passes for each. */
type Shape = 'text' | readonly [Shape] | { readonly [field: string]: Shape };

const OPTIONS: Shape = [{ name: 'text', default: 'text' }];
const ARGS: Shape = ['text'];
const HEAD = { apiVersion: 'text', kind: 'text' } as const;

/** The versions of kubectl.config.k8s.io (kubectl pkg/config): only v1beta1 has a policy. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'kubectl.config.k8s.io/v1alpha1': {
    ...HEAD,
    overrides: [{ command: 'text', flags: OPTIONS }],
    aliases: [{ name: 'text', command: 'text', prependArgs: ARGS, appendArgs: ARGS, flags: OPTIONS }],
  },
  'kubectl.config.k8s.io/v1beta1': {
    ...HEAD,
    defaults: [{ command: 'text', options: OPTIONS }],
    aliases: [{ name: 'text', command: 'text', prependArgs: ARGS, appendArgs: ARGS, options: OPTIONS }],
    credentialPluginPolicy: 'text',
    credentialPluginAllowlist: [{ name: 'text', command: 'text' }],
  },
};

interface Raw {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly credentialPluginPolicy?: string | null;
  readonly credentialPluginAllowlist?: readonly (AllowlistEntry | null)[] | null;
}

interface AllowlistEntry {
  /** Deprecated by `command`. */
  readonly name?: string | null;
  readonly command?: string | null;
}

/**
 * The first document of a kuberc that kubectl can use (kubectl pkg/kuberc, decodePreference). A field of the wrong type
 * makes a document unusable, whatever the field is about; an unknown one does not.
 *
 * @returns undefined for an empty file
 */
export async function decodePreference(text: string): Promise<Preference | 'none usable' | undefined> {
  const documents = text.split(/^---[ \t]*(?:#.*)?$/m).filter((document) => document.trim() !== '');
  if (documents.length === 0) return undefined;
  const { parseYaml } = await import('../kubeconfig/yaml.ts');
  for (const document of documents) {
    const strict = parseYaml(document);
    const parsed = 'fault' in strict ? parseYaml(document, true) : strict;
    const preference = 'fault' in parsed ? undefined : preferenceOf(parsed.value);
    if (preference === undefined) continue;
    return { ...preference, unknown: ['fault' in strict ? strict.fault.message : [], preference.unknown].flat() };
  }
  return 'none usable';
}

function preferenceOf(value: unknown): Preference | undefined {
  const raw = (value ?? {}) as Raw;
  const shape = SHAPES[String(raw.apiVersion)];
  if (shape === undefined || raw.kind !== 'Preference' || !fits(raw, shape)) return undefined;
  const policy = Object.hasOwn(shape as object, 'credentialPluginPolicy') ? policyIn(raw) : { policy: '', allowlist: undefined };
  return policy && { ...policy, unknown: unknownFields(raw, shape) };
}

/** @returns undefined where name and command of an entry differ: kubectl cannot convert that either */
function policyIn({ credentialPluginPolicy, credentialPluginAllowlist }: Raw): Pick<Preference, 'policy' | 'allowlist'> | undefined {
  const entries = credentialPluginAllowlist?.map((entry) => ({ name: entry?.name || '', command: entry?.command || '' }));
  if (entries?.some(({ name, command }) => name !== '' && command !== '' && name !== command)) return undefined;
  return { policy: credentialPluginPolicy ?? '', allowlist: entries?.map(({ name, command }) => command || name) };
}

function fits(value: unknown, shape: Shape): boolean {
  if (value === null || value === undefined) return true;
  if (shape === 'text') return typeof value === 'string';
  if (isList(shape)) return Array.isArray(value) && value.every((one) => fits(one, shape[0]));
  return isMapping(value) && Object.entries(shape).every(([field, inner]) => fits(value[field], inner));
}

/** Paths of fields that no version of this shape has: `aliases[0].colour`. */
function unknownFields(value: unknown, shape: Shape, path = ''): readonly string[] {
  if (shape === 'text' || value === null) return [];
  if (isList(shape)) return (value as readonly unknown[]).flatMap((one, index) => unknownFields(one, shape[0], `${path}[${index}]`));
  return Object.entries(value as object).flatMap(([field, inner]) => {
    const at = path === '' ? field : `${path}.${field}`;
    const known = Object.hasOwn(shape, field) ? shape[field] : undefined;
    return known === undefined ? [`unknown field ${at}`] : unknownFields(inner, known, at);
  });
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
