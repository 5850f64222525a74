import type { SetStatus } from '../../inspect/status/model.ts';
import type { Health } from '../../inspect/verdict/verdict.ts';
import { age } from '../duration.ts';
import type { Style, View } from '../style.ts';
import { type Column, table } from '../table.ts';
import { displayWidth, hanging, inert } from '../text.ts';
import { nextCommand } from './next.ts';

export interface StatusTableOptions {
  /** `-A`: one more column. */
  readonly namespaces: boolean;
  readonly headers: boolean;
  /** Connection flags of the commands that -o wide shows. */
  readonly flags: readonly string[];
}

/**
 * One line a set, in kubectl's columns. `-o wide` adds strategy, policy, Service and the command to type next, and cuts no reason; on a narrow
 * terminal the reason goes below its line, because the few words left of it would say nothing.
 */
export function renderStatusTable(raw: readonly SetStatus[], { namespaces, headers, flags }: StatusTableOptions, view: View): string {
  const statuses = inert(raw);
  const columns = columnsFor(namespaces, view);
  const rows = statuses.map((status) => [
    ...(namespaces ? [status.namespace] : []),
    status.name,
    status.health,
    ...countCells(status),
    ...(view.wide ? wideCells(status) : []),
  ]);
  const lines = table(columns, rows, { headers, width: view.width }).split('\n');
  const room = view.width - Math.max(...lines.map(displayWidth));
  if (!view.wide && room < ROOM_FOR_REASON) return below(lines, statuses, headers ? 1 : 0, view);
  const reasoned = rows.map((row, index) => [...row, ...lastCells(statuses[index], flags, view)]);
  const width = view.wide ? Number.POSITIVE_INFINITY : view.width;
  // A reason is cut rather than that a column comes and goes with it.
  const steady = columns.map(({ isIdle: _isIdle, ...column }) => column);
  const last: readonly Column[] = view.wide ? [{ header: 'REASON' }, { header: 'NEXT' }] : [{ header: 'REASON', flexible: true }];
  return table([...steady, ...last], reasoned, { headers, width });
}

function lastCells(status: SetStatus | undefined, flags: readonly string[], { wide }: View): readonly string[] {
  if (status === undefined) return [];
  return [status.reason, ...(wide ? [nextCommand(status, { namespace: status.namespace, flags }) ?? NONE] : [])];
}

/** Columns, with the gap, in which a reason still says something. */
const ROOM_FOR_REASON = 44;

function columnsFor(namespaces: boolean, { style, wide }: View): readonly Column[] {
  return [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    { header: 'NAME' },
    { header: 'HEALTH', paint: (text) => paintHealth(text as Health, style) },
    { header: 'READY' },
    { header: 'UPDATED' },
    { header: 'PARTITION', isIdle: (text) => text === '0' || text === NONE },
    { header: 'AGE' },
    ...(wide ? [{ header: 'STRATEGY' }, { header: 'POLICY' }, { header: 'SERVICE' }] : []),
  ];
}

function below(lines: readonly string[], statuses: readonly SetStatus[], first: number, { width }: View): string {
  const explained = statuses.flatMap(({ health, reason }, index) => [
    lines[first + index] ?? '',
    ...(health === 'Healthy' ? [] : hanging(reason, width, '  ')),
  ]);
  return [...lines.slice(0, first), ...explained].join('\n');
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

/** In its color: red needs a person, yellow is under way or was chosen. */
export function paintHealth(health: Health, style: Style): string {
  const paints: Readonly<Record<Health, (text: string) => string>> = {
    Healthy: style.good,
    Progressing: style.accent,
    Interrupted: style.warn,
    Paused: style.warn,
    ScaledToZero: style.faint,
    Terminating: style.warn,
    Degraded: style.bad,
    Stalled: style.bad,
    UpdatePending: style.warn,
    Missing: style.warn,
  };
  return paints[health](health);
}
