import { realClock } from '../../../src/cli/clock.ts';
import type { ClusterReader } from '../../../src/cluster/api.ts';
import { connect, type OpenConnection } from '../../../src/cluster/connection.ts';
import type { ConnectionFlags } from '../../../src/cluster/flags.ts';
import { clusterReader } from '../../../src/cluster/reader.ts';
import { readStored } from '../../../src/record/index-secret.ts';
import { readSaved } from '../../../src/record/saved-sets.ts';

/** A connection of this room's own, as the plugin would open it; `lines` is what it says on stderr. */
export interface Opened {
  readonly connection: OpenConnection;
  readonly reader: ClusterReader;
  readonly lines: readonly string[];
}

const opened: OpenConnection[] = [];

/** For afterEach: connections that a test has opened. */
export function closeAll(): void {
  for (const { transport } of opened.splice(0)) transport.close();
}

export async function openWith(flags: ConnectionFlags, env: NodeJS.ProcessEnv = {}): Promise<Opened> {
  const lines: string[] = [];
  const host = {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    clock: realClock,
    log: (line: string) => lines.push(line),
  };
  const connection = await connect(flags, host);
  opened.push(connection);
  return { connection, reader: clusterReader(connection, { one: readStored, all: readSaved }), lines };
}
