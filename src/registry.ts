import type { Loaders } from './cli/program.ts';

/**
 * Every command there is, in the order of the help, with what loads its class: only the one that runs is loaded. An explicit
 * list, because a bundle and a single executable have no folder to search; a test compares it with the folder.
 */
export const registry: Loaders = {
  status: async () => (await import('./commands/status.ts')).Status,
  doctor: async () => (await import('./commands/doctor.ts')).Doctor,
  recover: async () => (await import('./commands/recover.ts')).Recover,
  scale: async () => (await import('./commands/scale.ts')).Scale,
  delete: async () => (await import('./commands/delete.ts')).DeleteSet,
  restore: async () => (await import('./commands/restore.ts')).Restore,
  'rollout:start': async () => (await import('./commands/rollout/start.ts')).RolloutStart,
  'rollout:status': async () => (await import('./commands/rollout/status.ts')).RolloutStatus,
  'rollout:resume': async () => (await import('./commands/rollout/resume.ts')).RolloutResume,
  'rollout:promote': async () => (await import('./commands/rollout/promote.ts')).RolloutPromote,
  'rollout:pause': async () => (await import('./commands/rollout/pause.ts')).RolloutPause,
  'rollout:abort': async () => (await import('./commands/rollout/abort.ts')).RolloutAbort,
  'rollout:history': async () => (await import('./commands/rollout/history.ts')).RolloutHistory,
  'rollout:undo': async () => (await import('./commands/rollout/undo.ts')).RolloutUndo,
  'rollout:restart': async () => (await import('./commands/rollout/restart.ts')).RolloutRestart,
  restart: async () => (await import('./commands/restart.ts')).Restart,
  cancel: async () => (await import('./commands/cancel.ts')).Cancel,
  operations: async () => (await import('./commands/operations.ts')).Operations,
  'pvc:list': async () => (await import('./commands/pvc/list.ts')).PvcList,
  'pvc:orphans': async () => (await import('./commands/pvc/orphans.ts')).PvcOrphans,
  'pvc:protect': async () => (await import('./commands/pvc/protect.ts')).PvcProtect,
  'pvc:unprotect': async () => (await import('./commands/pvc/unprotect.ts')).PvcUnprotect,
  'pvc:retire': async () => (await import('./commands/pvc/retire.ts')).PvcRetire,
  'pvc:restore': async () => (await import('./commands/pvc/restore.ts')).PvcRestore,
  'pvc:resize': async () => (await import('./commands/pvc/resize.ts')).PvcResize,
  'pvc:purge': async () => (await import('./commands/pvc/purge.ts')).PvcPurge,
  peers: async () => (await import('./commands/peers.ts')).Peers,
  'node:check': async () => (await import('./commands/node/check.ts')).NodeCheck,
  'node:fence': async () => (await import('./commands/node/fence.ts')).NodeFence,
  'node:unfence': async () => (await import('./commands/node/unfence.ts')).NodeUnfence,
  'force-delete': async () => (await import('./commands/force-delete.ts')).ForceDelete,
  run: async () => (await import('./commands/run.ts')).Run,
  permissions: async () => (await import('./commands/permissions.ts')).Permissions,
  explain: async () => (await import('./commands/explain.ts')).Explain,
  options: async () => (await import('./commands/options.ts')).Options,
  version: async () => (await import('./commands/version.ts')).Version,
};
