import type { Snapshot } from '../../domain/snapshot.ts';
import { follow } from '../../inspect/status/follow.ts';
import { type Look, unread } from '../../inspect/status/look.ts';
import type { SetStatus } from '../../inspect/status/model.ts';
import { hanging, safe } from '../../render/text.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import { viewOf } from '../view.ts';
import type { Showing } from './status.ts';
import { changeText, noneIn, statusText } from './status-output.ts';

/** A terminal on which one picture can take the place of another. Documents follow each other on any stream. */
export function isRedrawn({ output, session: { io } }: Showing): boolean {
  return io.stdout.isTTY === true && io.env['TERM'] !== 'dumb' && !isDocument(output.format);
}

/**
 * Follows the sets that were seen until Ctrl-C: on a terminal in one picture that is painted anew, elsewhere in a line or
 * a document a change.
 * @returns 130 after Ctrl-C, as kubectl's watches
 */
export async function watchStatus(look: Look, showing: Showing): Promise<number> {
  return await showing.session.interrupt.until(() => (isRedrawn(showing) ? redrawn(look, showing) : told(look, showing)));
}

async function redrawn({ snapshots }: Look, showing: Showing): Promise<void> {
  const { request, flags, session, cluster, subjects, ports } = showing;
  const { io, interrupt } = session;
  const { createRedraw } = await import('../../render/live/redraw.ts');
  const redraw = createRedraw(io.stdout as NodeJS.WriteStream);
  const pictureOf = async (sets: readonly Snapshot[]): Promise<string> => {
    const text = await statusText(sets, showing, viewOf(io.stdout, io.env, flags));
    return text === '' ? noneIn(request, cluster) : text.trimEnd();
  };
  const width = (): number => viewOf(io.stdout, io.env, flags).width;
  let picture = await pictureOf(snapshots);
  try {
    redraw.show(picture);
    await follow(subjects, ports, interrupt.signal, async (look) => {
      const lost = unread(look);
      if (lost === undefined) picture = await pictureOf(look.snapshots);
      redraw.show(lost === undefined ? picture : [picture, '', ...hanging(safe(`as it was before: ${lost}`), width(), '')].join('\n'));
      return true;
    });
  } finally {
    redraw.close();
  }
}

async function told({ snapshots }: Look, showing: Showing): Promise<void> {
  const { flags, session, subjects, ports } = showing;
  const { io, interrupt } = session;
  const view = viewOf(io.stdout, io.env, flags);
  let last = essences(snapshots, showing);
  await follow(subjects, ports, interrupt.signal, async (look) => {
    if (unread(look) !== undefined) return true;
    const now = essences(look.snapshots, showing);
    for (const [place, { status, essence }] of now) {
      if (status !== undefined && essence !== last.get(place)?.essence) io.stdout.write(await changeText(status, showing, view));
    }
    last = now;
    return true;
  });
}

interface Seen {
  readonly status: SetStatus | undefined;
  readonly essence: string;
}

/** What was seen of each set, by its place. */
function essences(snapshots: readonly Snapshot[], { output, statusIn }: Showing): ReadonlyMap<string, Seen> {
  return new Map(
    snapshots.map((snapshot) => {
      const { namespace, name } = snapshot.target;
      const status = statusIn(snapshot);
      return [`${namespace}/${name}`, { status, essence: essenceOf(status, output) }];
    }),
  );
}

/** What makes two looks differ: not the time that has passed, and in a table only what its line shows. */
function essenceOf(status: SetStatus | undefined, { format }: OutputChoice): string {
  if (status === undefined) return '';
  const { health, set } = status;
  const reason = status.reason.replaceAll(/\b\d+[smhd]/g, '');
  if (format !== undefined && format !== 'wide') return JSON.stringify({ ...status, reason, seen: '' });
  return JSON.stringify([health, reason, set?.ready, set?.replicas, set?.updated, set?.partition]);
}
