import { renderDocument } from '../../render/json.ts';
import { renderArchives } from '../../render/operations.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { required } from './required.ts';

/** `restore NAME --list`: the archives of a set, newest first. */
export async function showArchives(name: string, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const { io } = session;
  const { connection, reader } = await session.open(flags);
  try {
    const target = { namespace: connection.namespace, name };
    const items = required(await reader.readSlice('stored', target))?.entries ?? [];
    const view = viewOf(io.stdout, io.env, flags);
    const shown = { headers: output.headers, now: connection.transport.serverNow() };
    if (isDocument(output.format)) io.stdout.write(await renderDocument('ArchiveList', { items }, output.format));
    else if (items.length > 0) io.stdout.write(`${renderArchives(items, shown, view)}\n`);
    else io.stderr.write(`No archives of StatefulSet ${name} in namespace ${target.namespace}.\n`);
    return 0;
  } finally {
    connection.transport.close();
  }
}
