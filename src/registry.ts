import type { CommandSpec } from './cli/command.ts';
import { cancel } from './commands/cancel.ts';
import { deleteSet } from './commands/delete.ts';
import { explain } from './commands/explain.ts';
import { forceDelete } from './commands/force-delete.ts';
import { nodeCheck } from './commands/node/check.ts';
import { nodeFence } from './commands/node/fence.ts';
import { nodeUnfence } from './commands/node/unfence.ts';
import { operations } from './commands/operations.ts';
import { peers } from './commands/peers.ts';
import { pvcList } from './commands/pvc/list.ts';
import { pvcOrphans } from './commands/pvc/orphans.ts';
import { pvcProtect } from './commands/pvc/protect.ts';
import { pvcPurge } from './commands/pvc/purge.ts';
import { pvcRestore } from './commands/pvc/restore.ts';
import { pvcRetire } from './commands/pvc/retire.ts';
import { pvcUnprotect } from './commands/pvc/unprotect.ts';
import { restore } from './commands/restore.ts';
import { rolloutAbort } from './commands/rollout/abort.ts';
import { rolloutHistory } from './commands/rollout/history.ts';
import { rolloutPause } from './commands/rollout/pause.ts';
import { rolloutPromote } from './commands/rollout/promote.ts';
import { rolloutRestart } from './commands/rollout/restart.ts';
import { rolloutResume } from './commands/rollout/resume.ts';
import { rolloutStart } from './commands/rollout/start.ts';
import { rolloutStatus } from './commands/rollout/status.ts';
import { rolloutUndo } from './commands/rollout/undo.ts';
import { scale } from './commands/scale.ts';
import { status } from './commands/status.ts';
import { version } from './commands/version.ts';

/**
 * Every command there is, in the order of the help. An explicit list, because a bundle and a single executable have no
 * folder to search; a test compares it with the folder.
 */
export const registry: readonly CommandSpec[] = [
  status,
  scale,
  deleteSet,
  restore,
  rolloutStart,
  rolloutStatus,
  rolloutResume,
  rolloutPromote,
  rolloutPause,
  rolloutAbort,
  rolloutHistory,
  rolloutUndo,
  rolloutRestart,
  cancel,
  operations,
  pvcList,
  pvcOrphans,
  pvcProtect,
  pvcUnprotect,
  pvcRetire,
  pvcRestore,
  pvcPurge,
  peers,
  nodeCheck,
  nodeFence,
  nodeUnfence,
  forceDelete,
  explain,
  version,
];
