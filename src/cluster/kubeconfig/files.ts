import { CannotError } from '../../domain/errors.ts';

/**
 * PEM text from base64 `data` or, when that is empty, from `file`.
 *
 * @param what field name for messages, e.g. `client-certificate`
 * @returns undefined when neither is given; rejects with CannotError when it cannot be read or is not PEM.
 */
export function pemFrom(data: string, file: string, what: string): string | undefined {
  if (data === '' && file === '') return undefined;
  const text = data === '' ? readText(file, what) : decodeBase64(data, `${what}-data`);
  if (!text.includes('-----BEGIN ')) throw new CannotError(`${data === '' ? `${what} ${file}` : `${what}-data`} is not in PEM form`);
  return text;
}

/** Contents of a file that a kubeconfig or a flag names. */
export function readText(file: string, what: string): string {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  } catch (error) {
    throw new CannotError(`cannot read ${what} ${file}: ${(error as Error).message}`, undefined, error);
  }
}

function decodeBase64(data: string, what: string): string {
  const compact = data.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) throw new CannotError(`${what} is not valid base64`);
  return Buffer.from(compact, 'base64').toString('utf8');
}
