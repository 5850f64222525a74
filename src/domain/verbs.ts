import type { Json } from './kube.ts';

/** Field manager of every write of ours; its entries never go back to an archive's owners. */
export const FIELD_MANAGER = 'kubectl-sts-safe';

export type JsonPatchOp =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

export interface DeleteGuard {
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Orphan' | 'Background';
  readonly gracePeriodSeconds?: 0;
  /** Of a Pod: asks its subresource `eviction`, which honors PodDisruptionBudgets. */
  readonly evicts?: true;
}

/**
 * The few API verbs that record and execute need, as their port to the cluster (law 2: every one that writes takes
 * its guard as a required argument). Bodies are raw JSON. Errors are ApiError.
 */
export interface ApiVerbs {
  /** The object, or undefined for 404. */
  get(path: string): Promise<Record<string, unknown> | undefined>;
  create(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The patch's own `test` operations are the guard. */
  jsonPatch(path: string, ops: readonly JsonPatchOp[]): Promise<Record<string, unknown>>;
  /** A strategic merge patch: its `metadata.uid`, and resourceVersion where it has one, are the guard. */
  strategicPatch(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>>;
  delete(path: string, guard: DeleteGuard): Promise<void>;
}

/** A JSON pointer segment (RFC 6901): `sts-safe.dev/operation` needs its slash escaped. */
export function pointer(...segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
