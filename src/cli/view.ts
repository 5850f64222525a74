import { type ColorFlag, colorChoice, styleFor, type View } from '../render/style.ts';
import type { Io, Output } from './io.ts';
import type { OutputFormat } from './output.ts';

/** The flags that say how to draw. */
export interface Drawn {
  readonly color?: ColorFlag | undefined;
  readonly output?: OutputFormat | undefined;
  readonly v?: number | undefined;
}

/** How renderers draw on this stream: colours by flag and environment, and the room that a terminal has. */
export function viewOf(stream: Output, env: Io['env'], flags: Drawn): View {
  const terminal = stream.isTTY === true;
  return {
    style: styleFor(colorChoice(flags.color ?? 'auto', env, terminal)),
    width: terminal ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY,
    wide: flags.output === 'wide',
    verbose: (flags.v ?? 0) > 0,
  };
}
