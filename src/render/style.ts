/** Colours by meaning. Decided once, outside; renderers never look at the environment. */
export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
  readonly accent: Paint;
}

type Paint = (text: string) => string;

/** How a renderer draws: colours, and how much room there is. */
export interface View {
  readonly style: Style;
  /** Columns of the terminal; Infinity when the output is not a terminal (nothing is cut then). */
  readonly width: number;
  /** `-o wide`: nothing is elided, more columns. */
  readonly wide: boolean;
  /** `-v 1` or more: steps of plans, and what each finding was observed by. */
  readonly verbose?: boolean;
}

export type ColorFlag = 'auto' | 'always' | 'never';

/**
 * `--color`, then NO_COLOR (any non-empty value, no-color.org), then TERM, then whether it is a terminal.
 * An explicit `--color=always` wins over NO_COLOR, as with ls and git.
 */
export function colorChoice(flag: ColorFlag, env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (flag !== 'auto') return flag === 'always';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return isTTY;
}

const ESC = '\u001b[';
const sgr =
  (open: number, close: number): Paint =>
  (text) =>
    text === '' ? '' : `${ESC}${open}m${text}${ESC}${close}m`;
const asIs: Paint = (text) => text;

const COLOURS: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  warn: sgr(33, 39),
  bad: sgr(31, 39),
  accent: sgr(36, 39),
};
const PLAIN: Style = { strong: asIs, faint: asIs, good: asIs, warn: asIs, bad: asIs, accent: asIs };

/** The 8-colour palette only: it follows the terminal's own theme, dark or light. */
export function styleFor(colour: boolean): Style {
  return colour ? COLOURS : PLAIN;
}
