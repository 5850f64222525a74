import Table from 'cli-table3';
import { displayWidth, truncate } from './text.ts';

export interface Column {
  /** Upper case, as kubectl's. */
  readonly header: string;
  /** May be cut with an ellipsis where the line would not fit; at most one column of a table. */
  readonly flexible?: true;
  /** Colours a cell; applied after cutting. */
  readonly paint?: (text: string) => string;
}

export interface TableOptions {
  readonly headers: boolean;
  /** Columns of the terminal, Infinity when nothing may be cut. */
  readonly width: number;
}

const GAP = 3;
const LEAST = 12;
const NO_BORDERS = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((name) => [name, '']),
);

/** Rows in kubectl's column style: upper-case headers, three blanks between, no borders, no trailing blanks. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const shown = options.headers ? [columns.map((column) => column.header), ...rows] : rows;
  if (shown.length === 0) return '';
  const fitted = fit(columns, shown, options.width);
  const widths = columnWidths(columns, fitted);
  const painted = fitted.map((row, index) =>
    options.headers && index === 0 ? row : row.map((cell, at) => columns[at]?.paint?.(cell) ?? cell),
  );
  return chunksOf(painted)
    .flatMap((rows) => draw(rows, widths))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** cli-table3 compares every cell with every other one: 3,000 rows at once take seconds. */
const CHUNK = 40;

function chunksOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, index) => rows.slice(index * CHUNK, (index + 1) * CHUNK));
}

function draw(rows: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  const drawn = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: widths.map((width) => width + GAP),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString().split('\n');
}

function columnWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly number[] {
  return columns.map((_, at) => rows.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), 0));
}

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
  const flexible = columns.findIndex((column) => column.flexible === true);
  if (flexible < 0 || width === Number.POSITIVE_INFINITY) return rows;
  const widths = columnWidths(columns, rows);
  const others = widths.reduce((sum, each, at) => (at === flexible ? sum : sum + each + GAP), 0);
  const room = Math.max(LEAST, width - others);
  return rows.map((row) => row.map((cell, at) => (at === flexible ? truncate(cell, room) : cell)));
}
