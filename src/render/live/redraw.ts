import { displayWidth } from '../text.ts';
import { QuietStream } from './terminal.ts';

/** A text that is shown in place of the one before: `status -w` on a terminal. */
export interface Redraw {
  show(text: string): void;
  /** Leaves the last text where it is. Safe to call twice. */
  close(): void;
}

const ESC = '\u001b[';

/**
 * Repaints in place. A text taller than the terminal is cut at its end, with a word about it: what has scrolled away
 * cannot be painted over.
 */
export function createRedraw(stream: NodeJS.WriteStream): Redraw {
  const out = new QuietStream(stream);
  let last = '';
  let text = '';
  const paint = (): void => {
    const shown = fit(text, stream.rows ?? 24);
    const up = linesOnScreen(last, stream.columns ?? 80);
    // To the first line, then clear to the end of the screen: nothing of a longer text is left.
    out.write(`${last === '' ? '' : `${ESC}${up}A\r${ESC}J`}${shown}\n`);
    last = shown;
  };
  stream.on('resize', paint);
  return {
    show: (next) => {
      if (next === text) return;
      text = next;
      paint();
    },
    close: () => {
      stream.off('resize', paint);
      out.close();
    },
  };
}

function fit(text: string, rows: number): string {
  const lines = text.split('\n');
  if (lines.length < rows) return text;
  const room = Math.max(1, rows - 2);
  return [...lines.slice(0, room), `… ${lines.length - room} more lines`].join('\n');
}

/** Lines that the text takes, with those that the terminal wraps. */
function linesOnScreen(text: string, columns: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}
