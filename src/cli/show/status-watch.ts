import { StoppedError } from '../../domain/errors.ts';
import type { SetStatus } from '../../render/status/model.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import { viewOf } from '../view.ts';
import type { Showing } from './status.ts';
import { follow } from './status-follow.ts';
import { type Look, statusFrom } from './status-look.ts';
import { changeText, statusText } from './status-output.ts';

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
  const { interrupt } = showing.session;
  const release = interrupt.attend();
  try {
    await (isRedrawn(showing) ? redrawn(look, showing) : told(look, showing));
  } catch (error) {
    if (error instanceof StoppedError && error.by === 'interrupt') return 130;
    throw error;
  } finally {
    release();
  }
  return 0;
}

async function redrawn({ snapshots }: Look, showing: Showing): Promise<void> {
  const { request, output, flags, session } = showing;
  const { io, interrupt } = session;
  const { createRedraw } = await import('../../render/live/redraw.ts');
  const redraw = createRedraw(io.stdout as NodeJS.WriteStream);
  const newest = new Map(snapshots.map((snapshot) => [snapshot.target, snapshot]));
  const paint = async (): Promise<void> => {
    const text = await statusText([...newest.values()], request, output, viewOf(io.stdout, io.env, flags));
    redraw.show(text === '' ? 'No StatefulSets are left.' : text.trimEnd());
  };
  try {
    await paint();
    const follows = [...newest.keys()].map((target) =>
      follow(target, showing, interrupt.signal, async (snapshot) => {
        newest.set(target, snapshot);
        await paint();
        return true;
      }),
    );
    await Promise.all(follows);
  } finally {
    redraw.close();
  }
}

async function told({ snapshots }: Look, showing: Showing): Promise<void> {
  const { request, output, flags, session } = showing;
  const { io, interrupt } = session;
  const view = viewOf(io.stdout, io.env, flags);
  const follows = snapshots.map((first) => {
    let last = essence(statusFrom(first), output);
    return follow(first.target, showing, interrupt.signal, async (snapshot) => {
      const status = statusFrom(snapshot);
      const now = essence(status, output);
      if (status !== undefined && now !== last) io.stdout.write(await changeText(status, request, output, view));
      last = now;
      return true;
    });
  });
  await Promise.all(follows);
}

/** What makes two looks differ: not the time that has passed, and in a table only what its line shows. */
function essence(status: SetStatus | undefined, { format }: OutputChoice): string {
  if (status === undefined) return '';
  const { verdict, set } = status;
  const reason = status.reason.replaceAll(/\b\d+[smhd]/g, '');
  if (format !== undefined && format !== 'wide') return JSON.stringify({ ...status, reason, seen: '' });
  return JSON.stringify([verdict, reason, set?.ready, set?.replicas, set?.updated, set?.partition]);
}
