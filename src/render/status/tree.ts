import type { ClusterRef } from '../../domain/snapshot.ts';
import type { ClaimStatus } from '../../inspect/status/claims.ts';
import type { MemberStatus } from '../../inspect/status/members.ts';
import type { SetFacts, SetStatus } from '../../inspect/status/model.ts';
import type { PodFacts } from '../../inspect/status/pod.ts';
import { commandLine, type Place } from '../../plan/commandline.ts';
import { age } from '../duration.ts';
import { elide } from '../elide.ts';
import { renderFindings } from '../finding.ts';
import { renderPlace } from '../place.ts';
import type { Style, View } from '../style.ts';
import { type Column, table } from '../table.ts';
import { count, hanging, inert } from '../text.ts';
import { paintHealth } from './line.ts';
import { nextCommand } from './next.ts';
import { claimCells, endpointCells, revisionWords, statusWords } from './words.ts';

/**
 * One set as a tree: its verdict, each ordinal with its Pod, the Pod's claims and endpoints below it, what is left
 * over, and the findings.
 */
export function renderStatusTree(raw: SetStatus, cluster: ClusterRef, view: View): string {
  const status = inert(raw);
  const place: Place = { namespace: status.namespace, flags: inert(cluster).flags };
  const sections = [
    [renderPlace(inert(cluster), status.namespace, view), ...headLines(status, place, view)].join('\n'),
    memberLines(status, view).join('\n'),
    otherClaimLines(status.otherClaims, view).join('\n'),
    status.unknown.map((sentence) => view.style.warn(`not known: ${sentence}`)).join('\n'),
    renderFindings(status.findings, { place, override: false, asDiagnosis: true, evidence: view.verbose === true || view.wide }, view),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function headLines(status: SetStatus, place: Place, view: View): readonly string[] {
  const { style, width } = view;
  const { set } = status;
  return [
    `${style.strong(`StatefulSet ${status.name}`)}: ${paintHealth(status.health, style)}`,
    ...hanging(status.reason, width, '  '),
    ...(set === undefined ? [] : hanging(factWords(set, Date.parse(status.seen)), width, '  ').map(style.faint)),
    ...restoreLines(status, place, view),
    ...nextLines(status, place, view),
  ];
}

function nextLines(status: SetStatus, place: Place, { style }: View): readonly string[] {
  const command = nextCommand(status, place);
  return command === undefined ? [] : [`  next  ${style.accent(command)}`];
}

/** What brings it back, or shows why nothing does. */
function restoreLines({ archive, name }: SetStatus, place: Place, view: View): readonly string[] {
  if (archive === undefined) return [];
  const line = (options: Readonly<Record<string, unknown>>): string =>
    view.style.accent(commandLine({ operation: 'restore', name, options }, place));
  const isAll = archive.older === 0 || archive.options['list'] === true;
  return [
    `  next  ${line(archive.options)}`,
    ...(isAll ? [] : [view.style.faint(`        # ${count(archive.older, 'other archive')}`), `        ${line({ list: true })}`]),
  ];
}

function factWords(set: SetFacts, now: number): string {
  const ordinals = set.start === 0 ? '' : `from ordinal ${set.start}`;
  const partition = set.strategy === 'RollingUpdate' && set.partition > 0 ? `, partition ${set.partition}` : '';
  const minReady = set.minReadySeconds > 0 ? `minReadySeconds ${set.minReadySeconds}` : '';
  const words = [
    `${set.ready} of ${set.replicas} ready, ${set.updated} updated`,
    ordinals,
    `${set.strategy}${partition}`,
    set.podManagementPolicy,
    minReady,
    set.serviceName === '' ? 'no Service' : `Service ${set.serviceName}`,
    `PVC retention ${set.whenDeleted}/${set.whenScaled}`,
    `${age(set.created, now)} old`,
  ];
  return words.filter((word) => word !== '').join(' · ');
}

function memberLines(status: SetStatus, view: View): readonly string[] {
  const { members, seen, name } = status;
  if (members.length === 0) return [];
  const now = Date.parse(seen);
  const shown = view.wide ? members.map((item) => ({ item })) : elide(members, alikeness);
  const drawn = shown.map((entry) =>
    'item' in entry ? memberCells(entry.item, name, now, view.style) : moreCells(entry.more, entry.like),
  );
  const [header = '', ...lines] = table(columnsFor(view.style), drawn, { headers: true, width: view.width }).split('\n');
  const children = childLines(
    shown.map((entry) => ('item' in entry ? entry.item : undefined)),
    view,
  );
  return [header, ...lines.flatMap((line, index) => [line, ...(children[index] ?? [])])];
}

const columnsFor = (style: Style): readonly Column[] => [
  { header: 'POD' },
  { header: 'READY' },
  { header: 'STATUS', flexible: true },
  { header: 'REVISION', paint: (text) => (isOld(text) ? style.warn(text) : text), isIdle: (text) => !isOld(text) },
  { header: 'RESTARTS', isIdle: (text) => text === '0' || text === '' },
  { header: 'NODE' },
  { header: 'AGE' },
];

const isOld = (revision: string): boolean => revision.endsWith('(old)');

/** Members that may stand for each other in a long list: well ones at the same revision. */
function alikeness({ ordinal, role, pod, claims }: MemberStatus): string {
  const sound = claims.every(({ phase, hazards, terminating }) => phase === 'Bound' && hazards.length === 0 && !terminating);
  return role === 'member' && pod?.health === 'well' && sound ? `well ${pod.revision}` : `#${ordinal}`;
}

function moreCells(more: number, { pod }: MemberStatus): readonly string[] {
  return [`  … ${more} more`, '', pod?.phase ?? '', '', '', '', ''];
}

function memberCells(member: MemberStatus, set: string, now: number, style: Style): readonly string[] {
  const { name, pod } = member;
  if (pod === undefined) return [`${style.faint('○')} ${name}`, '', statusWords(member, now), '', '', '', ''];
  return [
    `${markOf(pod, style)} ${name}`,
    `${pod.readyContainers}/${pod.containers}`,
    statusWords(member, now),
    revisionWords(pod, set),
    String(pod.restarts),
    `${pod.node ?? '<none>'}${pod.nodeLost === true ? '!' : ''}`,
    age(pod.created, now),
  ];
}

function markOf({ health, broken }: PodFacts, style: Style): string {
  if (health === 'well') return style.good('●');
  return broken || health === 'failed' ? style.bad('✖') : style.warn('◌');
}

/** Lines below each member; aligned over all of them, so that the eye can go down. */
function childLines(members: readonly (MemberStatus | undefined)[], view: View): readonly (readonly string[])[] {
  const children = members.map((member) => (member === undefined ? [] : [...member.claims.map(claimCells), ...endpointCells(member)]));
  const width = view.width - 5;
  const lines = table([{ header: '' }, { header: '' }, { header: '', flexible: true }], children.flat(), { headers: false, width }).split(
    '\n',
  );
  let next = 0;
  return children.map((own) =>
    own.map((_, index) => `  ${view.style.faint(index === own.length - 1 ? '└─' : '├─')} ${lines[next++] ?? ''}`),
  );
}

function otherClaimLines(claims: readonly ClaimStatus[], view: View): readonly string[] {
  if (claims.length === 0) return [];
  const shown = view.wide
    ? claims.map((item) => ({ item }))
    : elide(claims, ({ phase, hazards, terminating }) => `${phase} ${hazards.join()} ${terminating}`);
  const rows = shown.map((entry) => ('item' in entry ? claimCells(entry.item) : [`… ${entry.more} more`, '', '']));
  const title = `${count(claims.length, 'unused PVC')} (no Pod)`;
  const lines = table([{ header: '' }, { header: '' }, { header: '', flexible: true }], rows, {
    headers: false,
    width: view.width - 2,
  }).split('\n');
  return [view.style.strong(title), ...lines.map((line) => `  ${line}`)];
}
