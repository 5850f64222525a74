import type { ArchiveEntry } from '../domain/stored.ts';
import { age } from './duration.ts';
import type { View } from './style.ts';
import { type Column, table } from './table.ts';
import { inert } from './text.ts';

/** Something of ours that is open (product, section 2, `operations`), with the commands that end it. */
export interface OpenItem {
  readonly namespace: string;
  readonly set: string;
  /** An operation under its record, a record that cannot be read, a set that can be restored, an archive that nothing names. */
  readonly what: 'operation' | 'damaged-record' | 'deleted-set' | 'unnamed-archive';
  /** `scale`, `delete`, …; absent for a damaged record. */
  readonly operation?: string;
  readonly phase?: 'running' | 'stopped';
  /** user@host. */
  readonly by?: string;
  /** RFC 3339, server's clock. */
  readonly since?: string;
  /** Last sign of life, RFC 3339, server's clock. */
  readonly heartbeat?: string;
  /** The step that it came to. */
  readonly cursor?: string;
  readonly archive?: string;
  /** Command lines. */
  readonly continueWith?: string;
  readonly goBackWith?: string;
}

export interface OperationTableOptions {
  readonly namespaces: boolean;
  readonly headers: boolean;
  /** Server's time, milliseconds since the epoch. */
  readonly now: number;
}

/** One line each, and below it the commands that go on and back. */
export function renderOperations(raw: readonly OpenItem[], { namespaces, headers, now }: OperationTableOptions, view: View): string {
  const items = inert(raw);
  const columns: readonly Column[] = [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    { header: 'NAME' },
    { header: 'OPERATION' },
    { header: 'PHASE', paint: (text) => (text === 'running' ? view.style.accent(text) : view.style.warn(text)) },
    { header: 'STEP' },
    { header: 'BY' },
    { header: 'AGE' },
    { header: 'HEARTBEAT' },
  ];
  const rows = items.map((item) => [
    ...(namespaces ? [item.namespace] : []),
    item.set,
    item.operation ?? item.what,
    item.phase ?? NONE,
    item.cursor ?? item.archive ?? NONE,
    item.by ?? NONE,
    item.since === undefined ? NONE : age(item.since, now),
    item.heartbeat === undefined ? NONE : age(item.heartbeat, now),
  ]);
  const lines = table(columns, rows, { headers, width: view.width }).split('\n');
  const first = headers ? 1 : 0;
  return [...lines.slice(0, first), ...items.flatMap((item, index) => [lines[first + index] ?? '', ...wayLines(item, view)])].join('\n');
}

/** kubectl's word for a cell that has nothing. */
const NONE = '<none>';

function wayLines({ what, continueWith, goBackWith }: OpenItem, { style }: View): readonly string[] {
  const [on, back] = what === 'operation' ? ['go on', 'go back'] : ['restore', 'forget'];
  return [
    ...(continueWith === undefined ? [] : [`  ${on.padEnd(7)}   ${style.accent(continueWith)}`]),
    ...(goBackWith === undefined ? [] : [`  ${back.padEnd(7)}   ${style.accent(goBackWith)}`]),
  ];
}

export interface ArchiveList {
  /** Name of the one that a plain `restore` takes; none where its Secret is gone. */
  readonly default?: string;
  readonly items: readonly ArchiveEntry[];
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
