/** What a benchmark found about one thing. */
export interface Result {
  readonly what: string;
  readonly unit: '×' | 'ms' | 'MB' | 'requests' | 'round trips' | 'watches' | 'sockets';
  readonly value: number;
  /** The value must not be above it; without one the row only informs. */
  readonly limit?: number;
  /** What the value comes from, for people: `8.31 s against 8.07 s`. */
  readonly from: string;
  /** Raw measurements by name, in the order in which they were taken. */
  readonly samples?: Readonly<Record<string, readonly number[]>>;
}

export function isMissed({ value, limit }: Result): boolean {
  return limit !== undefined && value > limit;
}

/** Rounded for people: what is above 100 without decimals. */
export function inWords(value: number, unit: Result['unit']): string {
  const number = value.toFixed(unit === '×' ? 2 : Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1);
  return unit === '×' ? `${number} ×` : `${number} ${unit}`;
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A Markdown table, which reads well on a terminal too. */
export function tableOf(results: readonly Result[]): string {
  const rows = [['What', 'Measured', 'Target', '', 'From'], ...results.map(rowOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function rowOf(result: Result): string[] {
  const { what, unit, value, limit, from } = result;
  const verdict = limit === undefined ? '' : isMissed(result) ? 'missed' : 'met';
  return [what, inWords(value, unit), limit === undefined ? '–' : `≤ ${inWords(limit, unit)}`, verdict, from];
}
