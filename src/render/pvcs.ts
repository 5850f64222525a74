import type { RetainedVolume } from '../inspect/retained-volumes.ts';
import type { Pvc, PvcLook, PvcTotal } from '../pvcs/pvc.ts';
import { age } from './duration.ts';
import type { Style, View } from './style.ts';
import { table } from './table.ts';
import { count, hanging, inert } from './text.ts';

export interface PvcTableOptions {
  readonly namespaces: boolean;
  readonly headers: boolean;
  /** Server's time, milliseconds since the epoch. */
  readonly now: number;
}

const NONE = '<none>';

/** One line per PVC, what could cost its data below the table, and the totals by class. */
export function renderPvcs(raw: PvcLook, { namespaces, headers, now }: PvcTableOptions, view: View): string {
  const { items, totals } = inert(raw);
  const { style, wide, width } = view;
  const columns = [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    { header: 'NAME' },
    { header: 'CLASS', paint: paintOf(style) },
    { header: 'SIZE' },
    ...(wide ? [{ header: 'STATUS' }, { header: 'VOLUME' }, { header: 'RECLAIM' }, { header: 'STORAGECLASS' }] : []),
    { header: 'AGE' },
    { header: 'REASON', wraps: true as const },
  ];
  const rows = items.map((item) => [
    ...(namespaces ? [item.namespace] : []),
    item.name,
    className(item.class),
    item.size ?? NONE,
    ...(wide ? [item.phase, item.volume ?? NONE, item.reclaimPolicy ?? NONE, item.storageClass ?? NONE] : []),
    item.created === undefined ? NONE : age(item.created, now),
    item.reason,
  ]);
  const hazards = items.flatMap(({ name, hazards: each }) => each.map((hazard) => `warning: PVC ${name}: ${hazard}`));
  return [
    table(columns, rows, { headers, width }),
    ...hazards.flatMap((line) => hanging(line, width, '').map(style.warn)),
    ...(headers ? ['', totalsInWords(totals)] : []),
  ].join('\n');
}

/** `5 PVCs, 5Gi: 3 in use (3Gi), 2 excess (2Gi)`. */
function totalsInWords(totals: readonly PvcTotal[]): string {
  const all = totals.reduce((sum, one) => sum + one.count, 0);
  const each = totals.map((one) => `${one.count} ${className(one.class)} (${one.size})`);
  return `${count(all, 'PVC')}: ${each.join(', ')}`;
}

const className = (name: Pvc['class']): string => name.replace('-', ' ');

function paintOf(style: Style): (text: string) => string {
  return (text) => {
    if (text === 'in use' || text === 'parked') return style.good(text);
    return text === 'excess' || text === 'set deleted' ? style.warn(text) : text;
  };
}

/** `pvc list --released`: one line per volume. */
export function renderVolumes(
  raw: readonly RetainedVolume[],
  { namespaces, headers, now }: PvcTableOptions,
  { wide, width }: View,
): string {
  const columns = [
    ...(namespaces ? [{ header: 'NAMESPACE' }] : []),
    ...['PVC', 'VOLUME', 'STATE', 'STATUS', 'SIZE', 'RECLAIM', ...(wide ? ['STORAGECLASS', 'BY', 'REASON'] : []), 'SINCE'].map(
      (header) => ({
        header,
      }),
    ),
  ];
  const rows = inert(raw).map((one) => [
    ...(namespaces ? [one.namespace] : []),
    one.pvc,
    one.name,
    one.state,
    one.phase,
    one.size ?? NONE,
    one.reclaimPolicy,
    ...(wide ? [one.storageClass ?? NONE, one.by ?? NONE, one.reason ?? NONE] : []),
    one.since === undefined ? NONE : age(one.since, now),
  ]);
  return table(columns, rows, { headers, width });
}
