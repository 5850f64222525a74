import { readFile } from 'node:fs/promises';
import { apiVerbs } from '../cluster/writes.ts';
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
    consent: { ask: () => Promise.resolve('no'), takeOver: () => Promise.resolve(false) },
    readFile: (path) => readFile(path, 'utf8'),
  };
}
