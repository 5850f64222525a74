import type { RevisionFacts, RevisionList, RolloutPod, RolloutStatus } from '../inspect/rollout.ts';
import { age } from './duration.ts';
import type { View } from './style.ts';
import { table } from './table.ts';
import { hanging, inert } from './text.ts';

interface Shown {
  readonly headers: boolean;
  /** Server's time, milliseconds since the epoch. */
  readonly now: number;
}

/** `rollout status`: who rolls it out and how far, the revisions that run, each Pod, and what may be typed. */
export function renderRolloutStatus(raw: RolloutStatus, shown: Shown, view: View): string {
  const status = inert(raw);
  const { style, width } = view;
  const { namespace, name, strategy, partition, replicas, updated, health, reason } = status;
  return [
    `StatefulSet ${style.strong(`${namespace}/${name}`)}  ${updated} of ${replicas} Pods updated, updateStrategy ${strategy}${strategy === 'RollingUpdate' ? `, partition ${partition}` : ''}`,
    ...hanging(`${health}: ${reason}`, width, ''),
    ...hanging(whoInWords(status, shown.now), width, ''),
    '',
    revisionTable(status.revisions, shown, view),
    '',
    podTable(status.pods, shown, view),
    ...wayLines(status, view),
  ].join('\n');
}

function whoInWords({ operation, writer }: RolloutStatus, now: number): string {
  if (operation === undefined) {
    const by = writer === undefined ? '' : `; last written by field manager ${writer}`;
    return `no operation of sts-safe is open on it${by}`;
  }
  const { operation: what, phase, startedBy, since, heartbeat, currentStep } = operation;
  return `${what} by ${startedBy}, started ${age(since, now)} ago, ${phase} at ${currentStep}, last heartbeat ${age(heartbeat, now)} ago`;
}

/** `rollout history`. */
export function renderRevisions(raw: RevisionList, shown: Shown, view: View): string {
  return revisionTable(inert(raw).items, shown, view);
}

function revisionTable(revisions: readonly RevisionFacts[], { headers, now }: Shown, { width, style }: View): string {
  const rows = revisions.map(({ name, revision, created, images, is, pods }) => [
    `${revision ?? NONE}${is === 'new' ? ' (new)' : ''}`,
    name,
    created === undefined ? NONE : age(created, now),
    images.join(', ') || NONE,
    pods.join(', ') || NONE,
  ]);
  const columns = [
    { header: 'REVISION', paint: (text: string) => (text.includes('new') ? style.accent(text) : text) },
    { header: 'NAME' },
    { header: 'AGE' },
    { header: 'IMAGES' },
    { header: 'PODS', wraps: true as const },
  ];
  return table(columns, rows, { headers, width });
}

function podTable(pods: readonly RolloutPod[], { headers }: Shown, { width, style }: View): string {
  const rows = pods.map(({ name, revision, updated, ready, restarts }) => [
    name,
    updated ? 'yes' : 'no',
    ready ? 'yes' : 'no',
    String(restarts),
    revision,
  ]);
  const columns = [
    { header: 'POD' },
    { header: 'UPDATED' },
    { header: 'READY', paint: (text: string) => (text.trim() === 'no' ? style.bad(text) : text) },
    { header: 'RESTARTS' },
    { header: 'REVISION' },
  ];
  return table(columns, rows, { headers, width });
}

/** kubectl's word for a cell that has nothing. */
const NONE = '<none>';

function wayLines({ resumeCommand, cancelCommand }: RolloutStatus, { style }: View): readonly string[] {
  const lines = [
    ...(resumeCommand === undefined ? [] : [`  resume    ${style.accent(resumeCommand)}`]),
    ...(cancelCommand === undefined ? [] : [`  cancel    ${style.accent(cancelCommand)}`]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}
