import { isStorm, type Share } from '../domain/lost-node.ts';
import type { NodeSign, SignGrade } from '../domain/node-signs.ts';
import type { ClusterRef } from '../domain/snapshot.ts';
import type { NodePodReport, NodeReport } from '../inspect/node/report.ts';
import { duration } from './duration.ts';
import type { Style, View } from './style.ts';
import { type Column, table } from './table.ts';
import { hanging, inert } from './text.ts';

/** What a sign says, in one word for the column. */
const SAYS: Readonly<Record<SignGrade, string>> = {
  proof: 'off',
  strong: 'likely off',
  weak: 'silent',
  counter: 'alive',
  'machine-up': 'machine up',
  none: '-',
  unknown: 'unknown',
};

/** What was found about a node, what it comes to, and the Pods that hang on it. */
export function renderNode(report: NodeReport, cluster: Pick<ClusterRef, 'context' | 'server'>, now: number, view: View): string {
  const node = inert(report);
  const { style } = view;
  return [
    `${style.strong(`node ${node.name}`)}  ${style.faint(`context ${cluster.context} (${cluster.server})`)}`,
    ...identityLines(node, style),
    '',
    table(SIGN_COLUMNS, node.signs.map(signCells), { headers: true, width: view.width }),
    '',
    `${style.strong('VERDICT')}  ${verdictPaint(node, style)(node.verdict)}: ${node.meaning}`,
    ...(node.settledBy.length === 0 ? [] : ['settled by']),
    ...node.settledBy.flatMap((what) => hanging(what, view.width, '  - ')),
    ...(node.notReady === undefined ? [] : ['', ...shareLines(node.notReady, view)]),
    ...podLines(node, now, view),
    ...(node.volumesInUse.length === 0 ? [] : [`volumes in use, as its kubelet last reported: ${node.volumesInUse.length}`]),
    ...node.unread.map((message) => style.warn(`not read: ${message}`)),
  ].join('\n');
}

function identityLines({ uid, bootID, providerID, taints }: NodeReport, { faint }: Style): readonly string[] {
  const words = [
    ...(uid === undefined ? [] : [`uid ${uid}`]),
    ...(bootID === undefined ? [] : [`boot ${bootID}`]),
    ...(providerID === undefined ? [] : [`machine ${providerID}`]),
  ];
  const tainted = taints.map(({ key, value, effect }) => `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`);
  return [
    ...(words.length === 0 ? [] : [faint(words.join('  '))]),
    ...(tainted.length === 0 ? [] : [faint(`taints ${tainted.join(', ')}`)]),
  ];
}

const SIGN_COLUMNS: readonly Column[] = [{ header: 'SAYS' }, { header: 'EVIDENCE', wraps: true }, { header: 'FOR' }, { header: 'SOURCE' }];

function signCells({ grade, statement, sinceMs, source }: NodeSign): readonly string[] {
  return [SAYS[grade], statement, sinceMs === undefined ? '-' : duration(sinceMs), source];
}

function verdictPaint({ verdict }: NodeReport, style: Style): (text: string) => string {
  if (verdict === 'alive') return style.good;
  return verdict === 'unknown' || verdict === 'partition-possible' ? style.warn : style.bad;
}

/** Many at once are more likely cut off than lost: the node lifecycle controller takes it so as well. */
function shareLines({ zone, fleet }: NonNullable<NodeReport['notReady']>, { style, width }: View): readonly string[] {
  const words = ({ notReady, all }: Share): string => `${notReady} of ${all}`;
  const inZone = zone === undefined ? '' : `, ${words(zone)} in zone ${zone.name}`;
  const line = `nodes that are not Ready: ${words(fleet)}${inZone}`;
  if (!isStorm(fleet) && (zone === undefined || !isStorm(zone))) return [line];
  return hanging(`${line}. So many at once are more likely cut off than lost.`, width, '').map((text) => style.warn(text));
}

const POD_COLUMNS: readonly Column[] = [
  { header: 'NAMESPACE' },
  { header: 'POD' },
  { header: 'STATEFULSET', isIdle: (text) => text === '-' },
  { header: 'STATUS' },
  { header: 'EVICTED' },
  { header: 'VOLUMES', flexible: true },
];

function podLines({ pods }: NodeReport, now: number, { width }: View): readonly string[] {
  if (pods.length === 0) return ['', 'No Pods but static ones and those of DaemonSets.'];
  return [
    '',
    table(
      POD_COLUMNS,
      pods.map((pod) => podCells(pod, now)),
      { headers: true, width },
    ),
  ];
}

function podCells({ namespace, name, set, phase, terminating, evictedAt, volumes }: NodePodReport, now: number): readonly string[] {
  return [
    namespace,
    name,
    set ?? '-',
    terminating ? 'Terminating' : phase,
    terminating ? 'done' : evictionWords(evictedAt, now),
    volumes.map(volumeWords).join(', ') || '-',
  ];
}

function evictionWords(at: string | undefined, now: number): string {
  if (at === undefined) return '-';
  if (at === 'never') return 'never';
  const left = Date.parse(at) - now;
  return left <= 0 ? 'due' : `in ${duration(left)}`;
}

function volumeWords({ claim, accessModes, attached, local }: NodePodReport['volumes'][number]): string {
  const words = [
    ...(accessModes.length === 0 ? [] : [accessModes.map((mode) => SHORT_MODES[mode] ?? mode).join('/')]),
    ...(attached ? ['attached'] : []),
    ...(local ? ['on this node only'] : []),
  ];
  return words.length === 0 ? claim : `${claim} (${words.join(', ')})`;
}

/** As kubectl abbreviates them. */
const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
