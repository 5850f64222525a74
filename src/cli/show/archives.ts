import type { StoredState } from '../../domain/stored.ts';
import { renderDocument } from '../../render/json.ts';
import { type ArchiveList, renderArchives } from '../../render/operations.ts';
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
    const list = archivesIn(required(await reader.readSlice('stored', target)));
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

/** An archive that cannot be used is the default all the same: `restore` takes it, and says why not. */
function archivesIn(stored: StoredState | undefined): ArchiveList {
  const archive = stored?.archive;
  const taken = archive?.state === 'valid' ? archive.archive.name : archive?.name;
  return { ...(taken === undefined ? {} : { default: taken }), items: stored?.entries ?? [] };
}
