import { CannotError, UsageError } from '../domain/errors.ts';
import type { Session } from './session.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * JSON or YAML that holds one object: a patch, a manifest.
 * @param where for messages: `--patch`, or the file's name
 * @throws UsageError with the line where it cannot be read
 */
export async function objectIn(text: string, where: string): Promise<Raw> {
  const { parseYaml } = await import('../cluster/kubeconfig/yaml.ts');
  const parsed = parseYaml(text);
  if ('fault' in parsed) {
    const { message, line, column } = parsed.fault;
    throw new UsageError(`${where}, line ${line}, column ${column}: ${message}`);
  }
  if (typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value))
    throw new UsageError(`${where} holds no object`, 'write JSON or YAML');
  return parsed.value as Raw;
}

/** @throws CannotError when the file cannot be read, UsageError for what is in it */
export async function objectInFile(path: string, session: Pick<Session, 'readFile'>): Promise<Raw> {
  return await objectIn(await readable(session.readFile(path), path), path);
}

/**
 * The text of a file or stream.
 * @param where for messages: its name
 * @throws CannotError when it cannot be read
 */
export async function readable(text: Promise<string>, where: string): Promise<string> {
  return await text.catch((error: unknown) => {
    throw new CannotError(`${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`, undefined, error);
  });
}
