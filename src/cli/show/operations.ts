import { type OpenItem, openItems } from '../../inspect/open-operations.ts';
import { waysOut } from '../../operate/ways-out.ts';
import { renderDocument } from '../../render/json.ts';
import { renderOperations } from '../../render/operations.ts';
import { safe } from '../../render/text.ts';
import { lookPorts, openRecordOn } from '../look-ports.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

type Show = (all: boolean, output: OutputChoice, flags: ConnectionValues, session: Session) => Promise<number>;

/** `operations`: what is open, with the commands that end it. */
export const showOperations: Show = (...asked) => show(() => true, 'open operations', ...asked);

/** `restore --list`: of these, the StatefulSets that were deleted. */
export const showRestorable: Show = (...asked) => show(({ what }) => what === 'deleted-set', 'StatefulSets to restore', ...asked);

async function show(
  isShown: (item: OpenItem) => boolean,
  name: string,
  ...[all, output, flags, session]: Parameters<Show>
): Promise<number> {
  const { io } = session;
  const cluster = await session.open(flags);
  const { connection } = cluster;
  try {
    const scope = { ...(all ? {} : { namespace: connection.namespace }), flags: connection.flags };
    const ports = lookPorts(cluster);
    const found = await openItems(scope, {
      reader: cluster.reader,
      transport: connection.transport,
      openRecord: openRecordOn,
      waysOut: (found, snapshot) => waysOut(found, snapshot, ports),
    });
    const { unseen, unseenVolumes } = found;
    const items = found.items.filter(isShown);
    if (unseen !== undefined) io.stderr.write(`warning: only what stands on sets is shown: ${safe(unseen)}\n`);
    if (unseenVolumes !== undefined) io.stderr.write(`warning: retired PVCs and protected volumes are not shown: ${safe(unseenVolumes)}\n`);
    const shown = { namespaces: all, headers: output.headers, now: connection.transport.serverNow() };
    if (isDocument(output.format)) io.stdout.write(await renderDocument('OperationList', { items }, output.format));
    else if (items.length > 0) io.stdout.write(`${renderOperations(items, shown, viewOf(io.stdout, io.env, flags))}\n`);
    else io.stderr.write(`No ${name}${all ? '' : ` in namespace ${connection.namespace}`}.\n`);
    return 0;
  } finally {
    connection.transport.close();
  }
}
