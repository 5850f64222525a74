import type * as zlibModule from 'node:zlib';
import { isObject, type KubeObject, type Secret } from '../domain/kube.ts';
import type { Archive, FoundArchive } from '../domain/stored.ts';

/** How many archives of one set are kept (product, section 2). */
export const ARCHIVES_KEPT = 10;
/** A Secret holds at most 1 MiB; leave room for its metadata. */
const ARCHIVE_LIMIT_BYTES = 1_000_000;

export const ARCHIVE_LABELS = { 'app.kubernetes.io/managed-by': 'kubectl-sts-safe', 'sts-safe.dev/kind': 'archive' } as const;

/** The name of the set that it is about. */
export const SET_LABEL = 'sts-safe.dev/set';

export function indexName(setName: string): string {
  return `sts-safe.${setName}`;
}

export function archiveName(setName: string, number: number): string {
  return `sts-safe.${setName}.${number}`;
}

/**
 * @returns the Secret to create, data gzipped
 * @throws RangeError when it does not fit into a Secret
 */
export function encodeArchive(archive: Archive, namespace: string, setName: string): Record<string, unknown> {
  const zipped = zlib().gzipSync(JSON.stringify(archive));
  if (zipped.byteLength > ARCHIVE_LIMIT_BYTES)
    throw new RangeError(`the archive has ${zipped.byteLength} bytes, a Secret holds ${ARCHIVE_LIMIT_BYTES}`);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'sts-safe.dev/archive',
    metadata: { name: archive.name, namespace, labels: { ...ARCHIVE_LABELS, [SET_LABEL]: setName } },
    data: { archive: zipped.toString('base64') },
  };
}

/** The set that a Secret of ours is about, by its label; a name of a set is a DNS label, and so fits. */
export function setOfSecret({ metadata }: Pick<KubeObject, 'metadata'>): string | undefined {
  return metadata.labels?.[SET_LABEL];
}

/** Reads an archive Secret. One written by a newer version is named as such, never half understood. */
export function decodeArchive(secret: Secret): FoundArchive {
  const name = secret.metadata.name;
  const data = secret.data?.['archive'];
  if (data === undefined) return { state: 'damaged', name, message: 'it has no key "archive"' };
  let value: unknown;
  try {
    value = JSON.parse(zlib().gunzipSync(Buffer.from(data, 'base64')).toString('utf8'));
  } catch {
    return { state: 'damaged', name, message: 'it is not gzipped JSON' };
  }
  return checkArchive(name, value);
}

/** Judges parsed archive contents, from a Secret or from a file of --save-to. */
export function checkArchive(name: string, value: unknown): FoundArchive {
  if (!isObject(value) || typeof value['schema'] !== 'number') return { state: 'damaged', name, message: 'it is not an archive' };
  if (value['schema'] > 1)
    return { state: 'newer', name, message: `it has schema ${value['schema']}, this version knows 1: use the newer kubectl-sts-safe` };
  const complete =
    typeof value['id'] === 'string' &&
    typeof value['operation'] === 'string' &&
    isObject(value['manifest']) &&
    isObject(value['options']) &&
    Array.isArray(value['claims']);
  if (!complete) return { state: 'damaged', name, message: 'fields are missing' };
  return { state: 'valid', archive: value as unknown as Archive };
}

/** Not imported: that costs `status` some milliseconds, and most answers need none of it. */
function zlib(): typeof zlibModule {
  return process.getBuiltinModule('node:zlib');
}
