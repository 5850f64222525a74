import { custom } from '@oclif/core/args';
import type { NameKind, NameSource } from './names.ts';

/**
 * An argument that is a name: cli/names.ts reads it as kubectl would, the completion offers what there is. oclif would wait for
 * one that is missing on stdin, from which no command here takes any.
 */
function named(names: NameKind, from?: NameSource) {
  const told = { ignoreStdin: true, names, ...(from === undefined ? {} : { from }) };
  return custom(told);
}

/** A StatefulSet: `web`, `sts/web`, `sts web`. With `multiple`, several. */
export const setArg = named('sets');
/** One that an operation is open on. */
export const openSetArg = named('sets', 'open operations');
/** One that was deleted and can be restored. */
export const savedSetArg = named('sets', 'restorable sets');
/** A StatefulSet and sizes of its PVCs: `web data=20Gi`. */
export const resizeArg = named('resizes', 'sets');
export const nodeArg = named('nodes');
export const podArg = named('pods');
export const pvcArg = named('pvcs');
/** A runbook. */
export const fileArg = named('files');
/** One that was retired. */
export const retiredPvcArg = named('pvcs', 'retired PVCs');
/** Words of a command. */
export const commandArg = named('commands');
/** A check, by its id. */
export const checkArg = named('checks');
