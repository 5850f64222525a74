import type { Connection } from '../../cluster/api.ts';
import type { Versions } from '../../render/version.ts';
import { renderVersion } from '../../render/version.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/**
 * Tells this plugin's version and, unless only that was asked for, the server's. Like kubectl it tells its own even
 * when the server cannot be reached.
 */
export async function showVersion(clientOnly: boolean, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const client: Versions = {
    clientVersion: { gitVersion: `v${session.version}`, nodeVersion: process.version, platform: `${process.platform}/${process.arch}` },
  };
  if (clientOnly) return tell(client, output, flags, session);
  try {
    return await tell({ ...client, serverVersion: await serverVersion(flags, session) }, output, flags, session);
  } catch (error) {
    await tell(client, output, flags, session);
    throw error;
  }
}

async function serverVersion(flags: ConnectionValues, session: Session): Promise<NonNullable<Versions['serverVersion']>> {
  const { connection } = await session.open(flags);
  try {
    const { gitVersion, platform } = await askVersion(connection);
    return { gitVersion, platform };
  } finally {
    connection.transport.close();
  }
}

async function askVersion({ transport }: Connection): Promise<{ readonly gitVersion: string; readonly platform: string }> {
  const { body } = await transport.request<{ readonly gitVersion: string; readonly platform: string }>({ method: 'GET', path: '/version' });
  return body;
}

async function tell(versions: Versions, { format }: OutputChoice, flags: ConnectionValues, { io }: Session): Promise<number> {
  if (!isDocument(format)) io.stdout.write(`${renderVersion(versions, viewOf(io.stdout, io.env, flags))}\n`);
  else {
    const { renderDocument } = await import('../../render/json.ts');
    io.stdout.write(await renderDocument('Version', versions, format));
  }
  return 0;
}
