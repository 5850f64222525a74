import type { VerdictName } from '../../domain/verdict.ts';
import { age } from '../duration.ts';
import type { Style, View } from '../style.ts';
import { type Column, table } from '../table.ts';
import { inert } from '../text.ts';
import type { SetStatus } from './model.ts';

export interface StatusTableOptions {
  /** `-A`: one more column. */
  readonly namespaces: boolean;
  readonly headers: boolean;
}

/** One line a set, in kubectl's columns. `-o wide` adds strategy, policy and Service, and cuts no reason. */
export function renderStatusTable(raw: readonly SetStatus[], { namespaces, headers }: StatusTableOptions, view: View): string {
  const statuses = inert(raw);
  const { style, wide } = view;
  const columns: readonly Column[] = [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    { header: 'NAME' },
    { header: 'VERDICT', paint: (text) => paintVerdict(text as VerdictName, style) },
    { header: 'READY' },
    { header: 'UPDATED' },
    { header: 'PARTITION' },
    { header: 'AGE' },
    ...(wide ? [{ header: 'STRATEGY' }, { header: 'POLICY' }, { header: 'SERVICE' }] : []),
    { header: 'REASON', flexible: true },
  ];
  const rows = statuses.map((status) => [
    ...(namespaces ? [status.namespace] : []),
    status.name,
    status.verdict,
    ...countCells(status),
    ...(wide ? wideCells(status) : []),
    status.reason,
  ]);
  return table(columns, rows, { headers, width: wide ? Number.POSITIVE_INFINITY : view.width });
}

/** kubectl's word for a cell that has nothing. */
const NONE = '<none>';

function countCells({ set, seen }: SetStatus): readonly string[] {
  if (set === undefined) return [NONE, NONE, NONE, NONE];
  const partition = set.strategy === 'RollingUpdate' ? String(set.partition) : NONE;
  return [`${set.ready}/${set.replicas}`, String(set.updated), partition, age(set.created, Date.parse(seen))];
}

function wideCells({ set }: SetStatus): readonly string[] {
  return set === undefined ? [NONE, NONE, NONE] : [set.strategy, set.podManagementPolicy, set.serviceName || NONE];
}

/** The verdict in its colour: red needs a person, yellow is on its way or somebody's choice. */
export function paintVerdict(verdict: VerdictName, style: Style): string {
  const paints: Readonly<Record<VerdictName, (text: string) => string>> = {
    healthy: style.good,
    progressing: style.accent,
    held: style.warn,
    parked: style.faint,
    deleting: style.warn,
    degraded: style.bad,
    stuck: style.bad,
    'set-absent': style.warn,
  };
  return paints[verdict](verdict);
}
