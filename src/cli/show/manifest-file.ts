import { CannotError, UsageError } from '../../domain/errors.ts';
import { isObject } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { looksAtManifests, type Manifest } from '../../inspect/manifests.ts';
import { readable } from '../object-file.ts';
import type { Session } from '../session.ts';

/**
 * Looks at the StatefulSets of a file, or of stdin.
 *
 * @param names only these; none: all
 * @throws CannotError where it cannot be read or holds none of them, UsageError with line and column for what is in it
 */
export async function looksAtFile(
  { file, names }: { readonly file: string; readonly names: readonly string[] },
  namespace: string,
  session: Pick<Session, 'io' | 'readFile' | 'clock'>,
): Promise<readonly Snapshot[]> {
  const where = file === '-' ? 'stdin' : file;
  const looks = looksAtManifests(manifestsIn(await valuesIn(file, where, session), where), namespace, session.clock.now());
  const missing = names.find((name) => !looks.some(({ target }) => target.name === name));
  if (missing !== undefined) throw new CannotError(`${where} holds no StatefulSet ${missing}`);
  if (looks.length === 0) throw new CannotError(`${where} holds no StatefulSet`);
  return names.length === 0 ? looks : looks.filter(({ target }) => names.includes(target.name));
}

async function valuesIn(file: string, where: string, session: Pick<Session, 'io' | 'readFile'>): Promise<readonly unknown[]> {
  const text = await readable(file === '-' ? all(session.io.stdin) : session.readFile(file), where);
  const { parseYamlStream } = await import('../../cluster/kubeconfig/yaml.ts');
  const parsed = parseYamlStream(text);
  if ('values' in parsed) return parsed.values;
  const { message, line, column } = parsed.fault;
  throw new UsageError(`${where}, line ${line}, column ${column}: ${message}`);
}

async function all(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The objects of documents; those of a List one by one. */
function manifestsIn(values: readonly unknown[], where: string): readonly Manifest[] {
  return values.flatMap((value, index) => {
    if (isObject(value) && Array.isArray(value['items']) && String(value['kind']).endsWith('List'))
      return manifestsIn(value['items'], where);
    if (!isManifest(value))
      throw new UsageError(`${where}, document ${index + 1}: no Kubernetes object`, 'an object has kind and metadata.name');
    const missing = value.kind === 'StatefulSet' ? missingIn(value) : undefined;
    if (missing !== undefined) throw new UsageError(`${where}: StatefulSet ${value.metadata.name} has no ${missing}`);
    return [value];
  });
}

function isManifest(value: unknown): value is Manifest {
  return (
    isObject(value) && typeof value['kind'] === 'string' && isObject(value['metadata']) && typeof value['metadata']['name'] === 'string'
  );
}

/** The first part that a StatefulSet cannot be without, where it is. */
function missingIn(value: object): string | undefined {
  const parts = ['spec.selector', 'spec.template', 'spec.template.spec', 'spec.template.spec.containers'];
  return parts.find((path) => {
    const found = path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
    return typeof found !== 'object' || found === null;
  });
}
