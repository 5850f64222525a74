import type { TObject, TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { suggestion } from '../domain/near.ts';
import type { Fault, Path, Source } from './source.ts';

interface Mistake {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/**
 * Where a value is not as its schema has it.
 * @param at path of the value in the source
 * @param subject what it is, for messages: `step upgrade`
 */
export function faultsOfShape(schema: TObject, value: unknown, source: Source, at: Path, subject: string): readonly Fault[] {
  const mistakes = Errors(schema, value) as readonly Mistake[];
  return mistakes.flatMap((mistake) => {
    const inside = mistake.instancePath.split('/').slice(1).map(unescape);
    return faultOf(mistake, inside, { schema, source, at, subject });
  });
}

interface Where {
  readonly schema: TObject;
  readonly source: Source;
  readonly at: Path;
  readonly subject: string;
}

function faultOf(
  { keyword, params, message }: Mistake,
  inside: readonly string[],
  { schema, source, at, subject }: Where,
): readonly Fault[] {
  const path = [...at, ...inside];
  const named = inside.length === 0 ? subject : `${subject}: ${inside.join('.')}`;
  switch (keyword) {
    // Said of the key that is too much, by `additionalProperties`.
    case 'boolean':
      return [];
    case 'required':
      return (params['requiredProperties'] as readonly string[]).map((key) => source.fault(path, `${named} has no ${key}`));
    case 'additionalProperties': {
      const known = Object.keys(propertiesAt(schema, inside));
      return (params['additionalProperties'] as readonly string[]).map((key) =>
        source.faultOfKey([...path, key], `${named} has no field ${key}`, suggestion(key, known)),
      );
    }
    case 'const':
      return [source.fault(path, `${named} must be ${String(params['allowedValue'])}`)];
    case 'enum':
      return [source.fault(path, `${named} must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`)];
    case 'minItems':
      return [source.fault(path, `${named} is empty`)];
    case 'pattern':
      return [source.fault(path, `${named} must match ${String(params['pattern'])}`)];
    default:
      return [source.fault(path, `${named} ${message}`)];
  }
}

function propertiesAt(schema: TObject, inside: readonly string[]): Readonly<Record<string, TSchema>> {
  let now: TSchema | undefined = schema;
  for (const key of inside) {
    const { properties, patternProperties } = (now ?? {}) as {
      readonly properties?: Readonly<Record<string, TSchema>>;
      readonly patternProperties?: Readonly<Record<string, TSchema>>;
    };
    now = properties?.[key] ?? Object.values(patternProperties ?? {})[0];
  }
  const { properties = {} } = (now ?? {}) as { readonly properties?: Readonly<Record<string, TSchema>> };
  return properties;
}

const unescape = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');
