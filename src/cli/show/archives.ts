import { isOfDeletion } from '../../domain/archives.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import type { Reading } from '../../domain/reading.ts';
import type { ArchiveEntry, FoundRecord, StoredState } from '../../domain/stored.ts';
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

/**
 * An archive that cannot be used is the default all the same: `restore` takes it, and says why not. One of a scale is none:
 * it must be named.
 */
function archivesIn(stored: StoredState | undefined, set: Reading<StatefulSet>): ArchiveList {
  if (stored === undefined) return { items: [] };
  const { archive, entries, record } = stored;
  const name = archive?.state === 'valid' ? archive.archive.name : archive?.name;
  const isTaken = record !== undefined || entries.some((entry) => entry.name === name && isOfDeletion(entry));
  return {
    ...(isTaken && name !== undefined ? { default: name } : {}),
    items: entries.map((entry) => (isDeletedAlready(entry, record, set) ? { ...entry, setDeleted: true } : entry)),
  };
}

/** An open deletion enters what it has deleted when it ends, which may be long after the StatefulSet is gone. */
function isDeletedAlready({ name, setUid }: ArchiveEntry, open: FoundRecord | undefined, set: Reading<StatefulSet>): boolean {
  if (open?.state !== 'valid' || open.record.kind !== 'delete' || open.record.archive !== name) return false;
  return set.state === 'absent' || (set.state === 'read' && set.value.metadata.uid !== setUid);
}
