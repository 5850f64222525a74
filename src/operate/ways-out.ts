import type { Snapshot } from '../domain/snapshot.ts';
import type { FoundRecord } from '../domain/stored.ts';
import type { OpenWays } from '../inspect/open-operations.ts';
import { CANCEL } from '../operations/back.ts';
import { operationNamed } from '../operations/registry.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import { inProgress, mayTake } from '../record/takeover.ts';
import { begunWith, nextCommands } from './next-commands.ts';
import { removal } from './other-operation.ts';
import type { LookPorts } from './ports.ts';

/** What would end an open operation now, for the list of them; a running one is its holder's alone, and described. */
export async function waysOut(found: FoundRecord, snapshot: Snapshot, ports: LookPorts): Promise<OpenWays> {
  const place = placeOf(snapshot);
  if (found.state === 'damaged') return { cancelCommand: commandLine(removal(snapshot.target, found), place) };
  const { record } = found;
  if (mayTake(found, ports.liveness(record.holder), snapshot.now).kind === 'held') return { note: inProgress(found, snapshot.now) };
  const { isKnown, ways, why, byHand } = await nextCommands(record.id, begunWith(record, snapshot), snapshot.target, ports);
  if (isKnown && why !== undefined) {
    const note = `neither resume nor cancel is possible now: ${why}`;
    return { note, ...(byHand === undefined ? {} : { cancelCommand: commandLine(byHand, place) }) };
  }
  if (isKnown) return ways;
  // A user who may not do it is told what another may.
  const cancel = commandLine({ operation: CANCEL, name: snapshot.target.name, options: {} }, place);
  const known = operationNamed(record.kind)?.goesBack === true ? { resumeCommand: cancel } : { cancelCommand: cancel };
  return { ...known, ...ways, ...(why === undefined ? {} : { note: `not possible for this user: ${why}` }) };
}
