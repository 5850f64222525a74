import { readFile } from 'node:fs/promises';
import { apiVerbs } from '../cluster/writes.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type OpenRecordOf, statusFrom } from '../inspect/status/look.ts';
import type { SetStatus } from '../inspect/status/model.ts';
import { openRecord } from '../operate/open-record.ts';
import type { LookPorts } from '../operate/ports.ts';
import { liveness, operatorOf } from './operator.ts';
import type { Cluster } from './session.ts';

/** For commands that only look: what a change would come to, with nobody to ask and nothing to write. */
export function lookPorts({ connection, reader }: Cluster): LookPorts {
  const verbs = apiVerbs(connection, { dryRun: true, onWarning: () => {} });
  return {
    reader,
    verbs,
    dryRunVerbs: verbs,
    operator: operatorOf(connection.user),
    liveness,
    consent: { prompted: false, ask: () => Promise.resolve('no'), takeOver: () => Promise.resolve(false) },
    readFile: (path) => readFile(path, 'utf8'),
  };
}

/** The open record on a set, for rooms that only look. */
export const openRecordOn: OpenRecordOf = (snapshot) => openRecord(snapshot)?.found;

/** The status of what was seen; undefined where there is nothing to tell. */
export function statusIn(snapshot: Snapshot): SetStatus | undefined {
  return statusFrom(snapshot, openRecordOn);
}
