import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../../../src/domain/errors.ts';
import type { JsonPatchOp } from '../../../src/domain/verbs.ts';

/** The part of RFC 6902 that we send, with the API server's answer to a failed test: 422 without a cause. */
export function applyPatch(object: Record<string, unknown>, ops: readonly JsonPatchOp[]): Record<string, unknown> {
  const copy = structuredClone(object);
  for (const op of ops) {
    const segments = op.path
      .split('/')
      .slice(1)
      .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = segments.pop() ?? '';
    const parent = segments.reduce<unknown>((value, segment) => (value as Record<string, unknown> | undefined)?.[segment], copy) as
      | Record<string, unknown>
      | undefined;
    if (parent === undefined) throw invalid(op.path);
    applyOne(parent, key, op);
  }
  return copy;
}

function applyOne(parent: Record<string, unknown>, key: string, op: JsonPatchOp): void {
  const must = op.op === 'remove' || op.op === 'replace';
  if (must && !(key in parent)) throw invalid(op.path);
  if (op.op === 'remove') delete parent[key];
  else if (op.op !== 'test') parent[key] = structuredClone(op.value);
  else if (!isDeepStrictEqual(parent[key], op.value)) throw invalid(op.path);
}

function invalid(path: string): ApiError {
  return new ApiError({
    message: `the server rejected our request due to an error in our request (${path})`,
    status: 422,
    reason: 'Invalid',
    sent: 'rejected',
    request: 'PATCH',
  });
}
