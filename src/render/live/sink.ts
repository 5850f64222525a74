import type { EventSink } from '../../plan/events.ts';
import { JsonLines } from './jsonlines.ts';
import { LiveList } from './list.ts';
import { PlainLines } from './plain.ts';
import type { SinkIo } from './terminal.ts';

export type ProgressChoice = 'auto' | 'live' | 'plain' | 'json' | 'none';

/**
 * The consumer of an operation's events that `--progress` names. All write to stderr only; results go to stdout when
 * the sink is closed.
 */
export function createSink(choice: ProgressChoice, io: SinkIo): EventSink {
  switch (resolveProgress(choice, io)) {
    case 'live':
      return new LiveList(io);
    case 'plain':
      return new PlainLines(io);
    case 'json':
      return new JsonLines(io);
    case 'none':
      return { emit: () => undefined, close: () => undefined };
  }
}

/** `auto` is live on a terminal that can move its cursor and that a person watches, else plain. */
export function resolveProgress(choice: ProgressChoice, { isTTY, env }: Pick<SinkIo, 'isTTY' | 'env'>): Exclude<ProgressChoice, 'auto'> {
  if (choice !== 'auto') return choice === 'live' && !isTTY ? 'plain' : choice;
  const watched = isTTY && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  return watched ? 'live' : 'plain';
}
