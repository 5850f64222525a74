import { StoppedError } from '../../domain/errors.ts';
import type { SetStatus } from '../../render/status/model.ts';
import type { OutputChoice } from '../output.ts';
import { viewOf } from '../view.ts';
import type { Showing } from './status.ts';
import { follow } from './status-follow.ts';
import { type Look, statusFrom } from './status-look.ts';
import { changeText } from './status-output.ts';

/** Tells every change of the sets that were seen until Ctrl-C, which is how a watch ends and so is no error. */
export async function watchStatus({ snapshots }: Look, showing: Showing): Promise<number> {
  const { request, output, flags, session } = showing;
  const { io, interrupt } = session;
  const view = viewOf(io.stdout, io.env, flags);
  const release = interrupt.attend();
  try {
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
  } catch (error) {
    if (error instanceof StoppedError && error.by === 'interrupt') return 130;
    throw error;
  } finally {
    release();
  }
  return 0;
}

/** What makes two looks differ: not the time that has passed, and in a table only what its line shows. */
function essence(status: SetStatus | undefined, { format }: OutputChoice): string {
  if (status === undefined) return '';
  const { verdict, set } = status;
  const reason = status.reason.replaceAll(/\b\d+[smhd]/g, '');
  if (format !== undefined && format !== 'wide') return JSON.stringify({ ...status, reason, seen: '' });
  return JSON.stringify([verdict, reason, set?.ready, set?.replicas, set?.updated, set?.partition]);
}
