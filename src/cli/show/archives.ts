import { archivesIn } from '../../inspect/archives.ts';
import { required } from '../../inspect/required.ts';
import { renderDocument } from '../../render/json.ts';
import { renderArchives } from '../../render/operations.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/** `restore NAME --list`: the archives of a set, newest first. */
export async function showArchives(name: string, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const { io } = session;
  const { connection, reader } = await session.open(flags);
  try {
    const target = { namespace: connection.namespace, name };
    const [stored, set] = await Promise.all([reader.readSlice('stored', target), reader.readSlice('set', target)]);
    const list = archivesIn(required(stored), set);
    const view = viewOf(io.stdout, io.env, flags);
    const shown = { headers: output.headers, now: connection.transport.serverNow() };
    if (isDocument(output.format)) io.stdout.write(await renderDocument('ArchiveList', list, output.format));
    else if (list.items.length > 0) io.stdout.write(`${renderArchives(list, shown, view)}\n`);
    else io.stderr.write(`No archives of StatefulSet ${name} in namespace ${target.namespace}.\n`);
    return 0;
  } finally {
    connection.transport.close();
  }
}
