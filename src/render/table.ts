import Table from 'cli-table3';
import { displayWidth, mostWidth, truncate, wrap } from './text.ts';

export interface Column {
  /** Upper case, as kubectl's. */
  readonly header: string;
  /** May be cut with an ellipsis where the line would not fit; at most one column of a table. */
  readonly flexible?: true;
  /** Goes on below itself where the line would not fit; at most one column of a table, and then lines are not rows. */
  readonly wraps?: true;
  /** Says nothing of a row. Where the line would not fit, a column that says nothing of any row is left out. */
  readonly isIdle?: (text: string) => boolean;
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
export function table(all: readonly Column[], cells: readonly (readonly string[])[], options: TableOptions): string {
  const { columns, rows } = withoutIdle(all, cells, options);
  const shown = options.headers ? [columns.map((column) => column.header), ...rows] : rows;
  if (shown.length === 0) return '';
  const fitted = fit(columns, shown, options.width);
  const widths = columnWidths(columns, fitted, mostWidth);
  const painted = fitted.map((row, index) =>
    options.headers && index === 0 ? row : row.map((cell, at) => columns[at]?.paint?.(cell) ?? cell),
  );
  return chunksOf(painted)
    .flatMap((rows) => draw(rows, widths))
    .map((line) => line.trimEnd())
    .join('\n');
}

interface Grid {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** Leaves out columns that say nothing, the last first, until the lines fit with nothing cut. */
function withoutIdle(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions): Grid {
  const shown = options.headers ? [columns.map((column) => column.header), ...rows] : rows;
  const idle = columns.findLastIndex(({ isIdle }, at) => isIdle !== undefined && rows.every((row) => isIdle(row[at] ?? '')));
  const width = columnWidths(columns, shown).reduce((sum, each) => sum + each + GAP, -GAP);
  if (idle < 0 || width <= options.width) return { columns, rows };
  const without = <T>(items: readonly T[]): readonly T[] => items.toSpliced(idle, 1);
  return withoutIdle(without(columns), rows.map(without), options);
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

function columnWidths(columns: readonly Column[], rows: readonly (readonly string[])[], widthOf = displayWidth): readonly number[] {
  return columns.map((_, at) => rows.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), 0));
}

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
  if (width === Number.POSITIVE_INFINITY) return rows;
  return cutToFit(columns, wrappedToFit(columns, rows, width), width);
}

function cutToFit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
  const flexible = columns.findIndex((column) => column.flexible === true);
  if (flexible < 0) return rows;
  const room = roomOf(flexible, columns, rows, width, LEAST);
  return rows.map((row) => row.map((cell, at) => (at === flexible ? truncate(cell, room) : cell)));
}

/** Every further line of a wrapped cell is a row of its own, with nothing in its other cells. */
function wrappedToFit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
  const wrapping = columns.findIndex((column) => column.wraps === true);
  if (wrapping < 0) return rows;
  const room = roomOf(wrapping, columns, rows, width, LEAST * 2);
  return rows.flatMap((row) =>
    wrap(row[wrapping] ?? '', room).map((line, index) => row.map((cell, at) => (at === wrapping ? line : index === 0 ? cell : ''))),
  );
}

/** Columns that are left for this one of the table's. */
function roomOf(column: number, columns: readonly Column[], rows: readonly (readonly string[])[], width: number, least: number): number {
  const others = columnWidths(columns, rows).reduce((sum, each, at) => (at === column ? sum : sum + each + GAP), 0);
  return Math.max(least, width - others);
}
