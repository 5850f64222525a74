import type { ArchiveList } from '../inspect/archives.ts';
import type { OpenItem } from '../inspect/open-operations.ts';
import { age } from './duration.ts';
import type { View } from './style.ts';
import { type Column, table } from './table.ts';
import { displayWidth, hanging, inert } from './text.ts';

export interface OperationTableOptions {
  readonly namespaces: boolean;
  readonly headers: boolean;
  /** Server's time, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * One line each, and below it the commands that go on and back. Where the line would not fit, who it is and since when
 * go below it as well.
 */
export function renderOperations(raw: readonly OpenItem[], { namespaces, headers, now }: OperationTableOptions, view: View): string {
  const items = inert(raw);
  const cells = items.map((item) => [...(namespaces ? [item.namespace] : []), ...whatCells(item)]);
  const what = columnsFor(namespaces, view);
  const full = table(
    [...what, { header: 'BY' }, { header: 'AGE' }, { header: 'HEARTBEAT' }],
    cells.map((row, index) => [...row, ...whoCells(items[index], now)]),
    { headers, width: view.width },
  ).split('\n');
  const fits = full.every((line) => displayWidth(line) <= view.width);
  const lines = fits ? full : table(what, cells, { headers, width: view.width }).split('\n');
  const first = headers ? 1 : 0;
  const below = (item: OpenItem): readonly string[] => [
    ...(fits ? [] : whoLines(item, now, view)),
    ...(item.reason === undefined ? [] : hanging(item.reason, view.width, '  reason    ')),
    ...(item.note === undefined ? [] : hanging(item.note, view.width, '  ')),
    ...wayLines(item, view),
  ];
  return [...lines.slice(0, first), ...items.flatMap((item, index) => [lines[first + index] ?? '', ...below(item)])].join('\n');
}

function columnsFor(namespaces: boolean, { style }: View): readonly Column[] {
  return [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    { header: 'NAME' },
    { header: 'OPERATION' },
    { header: 'PHASE', paint: (text) => (text === 'running' ? style.accent(text) : style.warn(text)) },
    { header: 'STEP' },
  ];
}

function whatCells(item: OpenItem): readonly string[] {
  const step = item.currentStep ?? item.archive ?? item.volume;
  return [item.set ?? item.pvc ?? nodeWord(item), item.operation ?? item.what, item.phase ?? NONE, step ?? NONE];
}

function whoCells(item: OpenItem | undefined, now: number): readonly string[] {
  const ageOf = (time: string | undefined): string => (time === undefined ? NONE : age(time, now));
  return [item?.startedBy ?? NONE, ageOf(item?.since), ageOf(item?.heartbeat)];
}

function whoLines({ startedBy: by, since, heartbeat }: OpenItem, now: number, { width }: View): readonly string[] {
  const begun = since === undefined ? [] : [`${age(since, now)} ago`];
  if (by === undefined) return begun.map((ago) => `  since     ${ago}`);
  const alive = heartbeat === undefined ? [] : [`last heartbeat ${age(heartbeat, now)} ago`];
  return hanging([by, ...begun.map((ago) => `started ${ago}`), ...alive].join(', '), width, '  by        ');
}

/** kubectl's word for a cell that has nothing. */
const NONE = '<none>';

/** What the two commands come to; everything else is restored, or forgotten. */
const WAYS: Partial<Record<OpenItem['what'], readonly [on: string, back: string]>> = {
  operation: ['resume', 'cancel'],
  'retired-pvc': ['restore', 'delete'],
  'quarantined-pvc': ['retire', 'undo'],
  'protected-volumes': ['keep', 'undo'],
  'fenced-node': ['resume', 'unfence'],
};

function wayLines({ what, resumeCommand, cancelCommand }: OpenItem, { style }: View): readonly string[] {
  const [on, back] = WAYS[what] ?? ['restore', 'forget'];
  return [
    ...(resumeCommand === undefined ? [] : [`  ${on.padEnd(7)}   ${style.accent(resumeCommand)}`]),
    ...(cancelCommand === undefined ? [] : [`  ${back.padEnd(7)}   ${style.accent(cancelCommand)}`]),
  ];
}

function nodeWord({ node }: OpenItem): string {
  return node === undefined ? NONE : `node/${node}`;
}

/**
 * `restore --list`: the archives of a set, newest first, as kubectl lists storage classes. SET says what became of the
 * set by the operation that wrote the archive.
 */
export function renderArchives(raw: ArchiveList, { headers, now }: Omit<OperationTableOptions, 'namespaces'>, view: View): string {
  const { default: taken, items } = inert(raw);
  const rows = items
    .toSorted((a, b) => Date.parse(b.created) - Date.parse(a.created))
    .map(({ name, operation, replicas, created, setDeleted }) => [
      name === taken ? `${name} (default)` : name,
      operation,
      String(replicas),
      setDeleted ? 'deleted' : 'kept',
      age(created, now),
    ]);
  const columns = ['ARCHIVE', 'OPERATION', 'REPLICAS', 'SET', 'AGE'].map((header) => ({ header }));
  return table(columns, rows, { headers, width: view.width });
}
