import { stripVTControlCharacters } from 'node:util';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

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

/** What is drawn here, and plain text: one column a character, by every table. Nothing else has to be measured. */
const NARROW = /^[\x20-\x7e·×–—…→─-╿○●◌✖]*$/;

/** Terminal columns that the text takes; color codes take none. */
export function displayWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/**
 * The most columns that any table counts for the text. cli-table3 has an older string-width of its own, and cuts in half what it
 * believes to be too wide for its column.
 */
export function mostWidth(text: string): number {
  const bare = stripVTControlCharacters(text);
  return NARROW.test(bare) ? bare.length : Array.from(bare).reduce((sum, char) => sum + (NARROW.test(char) ? 1 : 2), 0);
}

/** Cuts text to `columns`, the last one an ellipsis; never cuts a character in half. */
export function truncate(text: string, columns: number): string {
  return displayWidth(text) <= columns ? text : cliTruncate(text, columns).replace(/ +…$/, '…');
}

/**
 * Breaks text at blanks into lines of at most `columns`; a word longer than a line stays whole, so that names and commands can
 * be copied.
 */
export function wrap(text: string, columns: number): readonly string[] {
  return displayWidth(text) <= columns ? [text] : wrapAnsi(text, columns).split('\n');
}

/** Wrapped text with every line behind `first` resp. `rest` (blanks of the same width, if not given). */
export function hanging(text: string, columns: number, first: string, rest = ' '.repeat(displayWidth(first))): readonly string[] {
  return wrap(text, Math.max(20, columns - displayWidth(first))).map((line, i) => `${i === 0 ? first : rest}${line}`.trimEnd());
}

/** `1 claim`, `3 claims`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
