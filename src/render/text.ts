/**
 * Text from the cluster is never trusted with the terminal (product, section 2): a Pod's message may hold escape
 * sequences that repaint the screen, or bidi marks that make `web-1` read as something else.
 */

/** Everything without a glyph of its own: control and C1, format (bidi, zero-width, tags), line separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\x1b' };

/** The text on one line, with every unprintable character shown as its code. */
export function safe(text: string): string {
  return text.replace(UNPRINTABLE, (char) => NAMED[char] ?? codeOf(char));
}

function codeOf(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
}

/**
 * The same data with every string (keys too) made safe. Each renderer calls it on what it is given, once, at its
 * door, so that no field can be forgotten inside.
 */
export function inert<T>(value: T): T {
  // Nearly always nothing is to be done, and a plan of a thousand members is megabytes.
  return isInert(value) ? value : (inertCopy(value) as T);
}

function isInert(value: unknown): boolean {
  if (typeof value === 'string') return isPrintable(value);
  if (Array.isArray(value)) return value.every(isInert);
  if (typeof value !== 'object' || value === null) return true;
  return Object.keys(value).every((key) => isPrintable(key) && isInert((value as Record<string, unknown>)[key]));
}

function inertCopy(value: unknown): unknown {
  if (typeof value === 'string') return safe(value);
  if (Array.isArray(value)) return value.map(inertCopy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [safe(key), inertCopy(inner)]));
}

/**
 * Inside JSON or double-quoted YAML strings: the unprintables that those formats leave raw, as escapes of the same value.
 * Beyond 16 bits JSON has pairs, YAML its own long form.
 */
export function quotedSafe(text: string, format: 'json' | 'yaml' = 'json'): string {
  const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
  return text.replace(UNPRINTABLE, (char) => {
    if (char === '\n') return char;
    if (format === 'yaml' && char.length > 1) return `\\U${hex(char.codePointAt(0) ?? 0, 8)}`;
    return [...Array(char.length).keys()].map((at) => `\\u${hex(char.charCodeAt(at), 4)}`).join('');
  });
}

/** Whether `safe` would show it as something else. */
export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) < 0;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const MARK = /^\p{M}+$/u;
const SGR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
/** What we draw with ourselves; all of one column, each a character by itself. */
const NARROW = /^[\x20-\x7e·×–—…→─-╿○●◌✖]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Made when a text needs it, which is rare: it costs some 20 ms. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Terminal columns that the text takes; our own colour codes take none. */
export function displayWidth(text: string): number {
  const bare = text.replace(SGR, '');
  if (NARROW.test(bare)) return bare.length;
  return [...graphemesOf(bare)].reduce((sum, { segment }) => sum + graphemeWidth(segment), 0);
}

/**
 * The most columns that anybody could count for the text. cli-table3 counts by older tables than ours, and cuts in half
 * what it believes to be too wide for its column.
 */
export function mostWidth(text: string): number {
  const bare = text.replace(SGR, '');
  return NARROW.test(bare) ? bare.length : Array.from(bare).reduce((sum, char) => sum + (NARROW.test(char) ? 1 : 2), 0);
}

function graphemeWidth(segment: string): number {
  if (MARK.test(segment)) return 0;
  return WIDE.test(segment) || segment.includes('\ufe0f') ? 2 : 1;
}

/** Cuts uncoloured text to `columns`, the last one an ellipsis; never cuts a character in half. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    const width = graphemeWidth(segment);
    if (used + width > columns - 1) break;
    kept += segment;
    used += width;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
}

/**
 * Breaks uncoloured text at blanks into lines of at most `columns`; a word longer than a line stays whole, so that
 * names and commands can be copied.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Wrapped text with every line behind `first` resp. `rest` (blanks of the same width, if not given). */
export function hanging(text: string, columns: number, first: string, rest = ' '.repeat(displayWidth(first))): readonly string[] {
  return wrap(text, Math.max(20, columns - displayWidth(first))).map((line, i) => `${i === 0 ? first : rest}${line}`.trimEnd());
}

/** `1 claim`, `3 claims`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
