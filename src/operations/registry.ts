import type { TObject } from 'typebox';
import { cancelBy } from './cancel/operation.ts';
import { deleteOperation } from './delete/operation.ts';
import { forceDelete } from './force-delete/operation.ts';
import { nodeFence } from './node-fence/operation.ts';
import { nodeUnfence } from './node-unfence/operation.ts';
import type { ConsentRow, Operation } from './operation.ts';
import { podRestart } from './pod-restart/operation.ts';
import { pvcProtect } from './pvc-protect/operation.ts';
import { pvcPurge } from './pvc-purge/operation.ts';
import { pvcResize } from './pvc-resize/operation.ts';
import { pvcRestore } from './pvc-restore/operation.ts';
import { pvcRetire } from './pvc-retire/operation.ts';
import { pvcUnprotect } from './pvc-unprotect/operation.ts';
import { restore } from './restore/operation.ts';
import { rolloutPause, rolloutPromote, rolloutResume } from './rollout/continue.ts';
import { rolloutRestart, rolloutStart, rolloutUndo } from './rollout/operation.ts';
import { rolloutAbort } from './rollout-abort/operation.ts';
import { scale } from './scale/operation.ts';

/** An operation whose options are checked by its own schema, whoever asks for it. */
export type AnyOperation = Operation<never>;

const all = new Map<string, AnyOperation>();

/** Enters an operation: from then on it is resumed, cancelled, listed and documented like every other. */
export function register(operation: AnyOperation): void {
  all.set(operation.id, operation);
}

/** By its id; undefined for one that this version does not have. */
export function operationNamed(id: string): AnyOperation | undefined {
  return all.get(id);
}

/** Every operation that changes something, in the order of the consent table. */
export function everyOperation(): readonly AnyOperation[] {
  return [...all.values()];
}

/** The whole consent table: `explain`, docs/findings.md and docs/consent.md are made from it. */
export function consentTable(): readonly ConsentRow[] {
  return everyOperation().flatMap(({ table }) => table);
}

/** What each may be asked to do, by its id, as JSON Schema: schemas/options.json is written from it. */
export function optionSchemas(): Readonly<Record<string, TObject>> {
  return Object.fromEntries(everyOperation().map(({ id, options }) => [id, options]));
}

/** The one list. */
for (const operation of [
  scale,
  deleteOperation,
  restore,
  rolloutAbort,
  cancelBy((id) => operationNamed(id)?.back),
  pvcProtect,
  pvcUnprotect,
  pvcRetire,
  pvcRestore,
  pvcResize,
  pvcPurge,
  nodeFence,
  nodeUnfence,
  forceDelete,
  podRestart,
])
  register(operation);
for (const operation of [rolloutStart, rolloutUndo, rolloutRestart, rolloutResume, rolloutPromote, rolloutPause]) register(operation);
