import type { OperationRecord } from '../../src/domain/stored.ts';
import { encode } from '../../src/record/index-secret.ts';
import { recordOf } from './invariants.ts';
import type { Space } from './namespace.ts';

const RECORD = 'sts-safe.dev/operation';
const HEARTBEAT = 'sts-safe.dev/heartbeat';

/** The open record, valid. */
export async function openRecordOf(space: Space, name = 'web'): Promise<OperationRecord> {
  const found = await recordOf(space, name);
  if (found?.state !== 'valid') throw new Error(`${name} has no valid record: ${found?.raw}`);
  return found.record;
}

/** Begins an operation, and ends it by a signal while it waits for this Pod, which has been told to end and does not. */
export async function interruptedAt(pod: string, space: Space, args: readonly string[], signal: NodeJS.Signals = 'SIGINT') {
  await space.holdPod(pod);
  const plugin = space.start(args);
  await Promise.race([space.untilTerminating(pod), plugin.ended]);
  plugin.kill(signal);
  const run = await plugin.ended;
  await space.freePod(pod);
  return run;
}

/** Makes the open record somebody else's, running, with a last sign of life so many seconds ago. */
export async function becomesOthers(space: Space, silentSeconds: number, name = 'web'): Promise<OperationRecord> {
  const at = new Date(Date.now() - silentSeconds * 1000).toISOString();
  const record = await openRecordOf(space, name);
  const others: OperationRecord = { ...record, phase: 'running', holder: { user: 'jane', host: 'elsewhere', pid: 4711, since: at } };
  await writeRecord(space, JSON.stringify(others), at, name);
  return others;
}

/** Writes this text where the record is: on the set, or on the index where there is none. */
export async function writeRecord(space: Space, raw: string, heartbeat: string, name = 'web'): Promise<void> {
  const set = await space.findSet(name);
  if (set === undefined) {
    await space.api.patch(space.path('secrets', `sts-safe.${name}`), { data: { record: encode(raw), heartbeat: encode(heartbeat) } });
  } else {
    // The label stands beside every record, also beside one that cannot be read.
    const labels = { [RECORD]: /"kind":"([a-z]+)"/.exec(raw)?.[1] ?? 'scale' };
    await space.patchSet({ metadata: { labels, annotations: { [RECORD]: raw, [HEARTBEAT]: heartbeat } } }, name);
  }
}
