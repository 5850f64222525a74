/** Plans, refusals and results as the operations make them, for the renderers' tests and demo. */
import type { Finding } from '../../src/domain/finding.ts';
import type { OpenItem } from '../../src/inspect/open-operations.ts';
import type { RetainedVolume } from '../../src/inspect/retained-volumes.ts';
import type { RolloutStatus } from '../../src/inspect/rollout.ts';
import type { Plan, Refusal, Step } from '../../src/plan/plan.ts';
import type { OperationResult } from '../../src/plan/result.ts';
import type { PvcLook } from '../../src/pvcs/pvc.ts';
import type { Explanation } from '../../src/render/explain.ts';

export const cluster = { context: 'prod-eu', server: 'https://10.0.0.1:6443', identity: '5d0c', flags: ['--context', 'prod-eu'] };
export const target = { namespace: 'prod', name: 'web' };

export const hpaFinding: Finding = {
  id: 'hpa-targets-set',
  severity: 'blocks',
  grade: 'proven',
  subject: { kind: 'HorizontalPodAutoscaler', name: 'web', namespace: 'prod' },
  message: 'HorizontalPodAutoscaler web scales this set between 3 and 5 members; it would bring back what this takes away.',
  evidence: [{ object: 'hpa/web', field: 'spec.minReplicas', value: '3' }],
  remedies: [{ do: 'kubectl', args: ['delete', 'hpa', 'web'], why: 'save it first: kubectl get hpa web -o yaml' }],
  override: 'allow',
};

export const graceFinding: Finding = {
  id: 'short-grace',
  severity: 'warns',
  grade: 'likely',
  subject: { kind: 'StatefulSet', name: 'web', namespace: 'prod' },
  message: 'Members get only 5s to shut down.',
  evidence: [{ object: 'statefulset/web', field: 'spec.template.spec.terminationGracePeriodSeconds', value: '5' }],
  remedies: [],
  override: 'allow',
};

export const recordFinding: Finding = {
  id: 'other-operation',
  severity: 'blocks',
  grade: 'proven',
  subject: { kind: 'StatefulSet', name: 'web', namespace: 'prod' },
  message: 'ann@laptop has been scaling it since 11:20:31 (pid 4711); last heartbeat 4s ago.',
  evidence: [],
  remedies: [{ do: 'operation', operation: 'cancel', subject: { kind: 'statefulset', name: 'web' }, options: {} }],
  override: 'never',
};

const step = (id: string, title: string, more: Partial<Step> = {}): Step => ({
  id,
  title,
  action: { do: 'wait' },
  preconditions: [],
  verify: [],
  timeoutMs: 600_000,
  ...more,
});

/** A canary of one Pod, paused. */
export const sampleRolloutStatus: RolloutStatus = {
  ...target,
  health: 'Paused',
  reason: 'partition 2 holds web-0, web-1 at web-a; rollout start by ann@laptop is paused (pause/1)',
  strategy: 'RollingUpdate',
  partition: 2,
  replicas: 3,
  updated: 1,
  writer: 'kubectl-create',
  operation: {
    operation: 'rollout start',
    phase: 'paused',
    startedBy: 'ann@laptop',
    since: '2026-06-01T11:50:00Z',
    heartbeat: '2026-06-01T11:55:00Z',
    currentStep: 'pause/1',
  },
  revisions: [
    { name: 'web-b', revision: 2, created: '2026-06-01T11:50:00Z', images: ['main=app:2'], is: 'new', pods: ['web-2'] },
    { name: 'web-a', images: [], is: 'earlier', pods: ['web-0', 'web-1'] },
  ],
  pods: [
    { name: 'web-0', revision: 'web-a', updated: false, ready: true, restarts: 0 },
    { name: 'web-1', revision: 'web-a', updated: false, ready: false, restarts: 3 },
    { name: 'web-2', revision: 'web-b', updated: true, ready: true, restarts: 0 },
  ],
};

/** Deleting a set of `members`, every claim kept but the odd ones. */
export function samplePlan(members: number, more: Partial<Plan> = {}): Plan {
  const ordinals = [...Array(members).keys()];
  const down = ordinals.toReversed();
  return {
    schema: 1,
    operation: 'delete',
    cluster,
    target,
    options: {},
    allowed: ['pdb-min-available'],
    summary: `delete StatefulSet web: stop ${members} members, highest first, keep ${members} PVCs`,
    findings: [graceFinding],
    changes: [
      ...down.map((n, i) => ({
        kind: 'Pod' as const,
        name: `web-${n}`,
        before: `Running, ready, node-${n % 3}`,
        after: `stopped ${ordinal(i + 1)}`,
      })),
      ...ordinals.map((n) => ({ kind: 'PersistentVolumeClaim' as const, name: `data-web-${n}`, before: 'Bound, 10Gi', after: 'kept' })),
      ...ordinals.map((n) => ({ kind: 'PersistentVolume' as const, name: `pvc-8f1c-${n}`, before: 'Delete', after: 'kept' })),
      { kind: 'StatefulSet', name: 'web', before: `${members} members`, after: 'deleted' },
      { kind: 'Service', name: 'web', before: 'headless', after: 'kept' },
    ],
    basedOn: [],
    steps: [
      step('archive', 'save the manifest in Secret sts-safe.web.1', {
        action: { do: 'write', write: { verb: 'archive', archive: 'sts-safe.web.1', place: 'secret' } },
      }),
      step('protect', 'keep the claims: retention policy Retain, owner references off'),
      ...down.map((n) => step(`scale-down/${n}`, `stop member web-${n}`)),
      step('delete-set', 'delete StatefulSet web, leaving everything it owns', { section: 'delete' }),
      step('verify', `verify that ${members} PVCs are the same objects`),
    ],
    consent: { kind: 'typed', name: 'web' },
    putBack: {},
    archive: 'sts-safe.web.1',
    digest: '0123456789abcdef',
    ...more,
  };
}

function ordinal(n: number): string {
  const ends = ['th', 'st', 'nd', 'rd'];
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? 'th' : (ends[n % 10] ?? 'th')}`;
}

export const sampleRefusal: Refusal = {
  outcome: 'refused',
  operation: 'scale',
  target,
  cluster,
  message: 'Not scaling web from 3 to 2: 2 findings block it.',
  findings: [graceFinding, hpaFinding, recordFinding],
};

export function sampleResult(plan: Plan, end: string): OperationResult {
  const { operation, digest } = plan;
  const base = { operation, target: plan.target, cluster, digest, findings: [] };
  const ids = plan.steps.map(({ id }) => id);
  if (end === 'done')
    return {
      ...base,
      outcome: 'done',
      exitCode: 0,
      message: 'StatefulSet web is deleted; its 3 PVCs are kept.',
      done: ids,
      remaining: [],
      verified: ['3 Pods are gone by UID', '3 PVCs are the same objects, Bound, without owners'],
    };
  return {
    ...base,
    outcome: end === 'stop' ? 'stopped' : 'failed',
    exitCode: 4,
    message: end === 'stop' ? 'Stopped: web is held at 1 member.' : 'Failed: the set was changed by another client.',
    done: ids.slice(0, 4),
    remaining: ids.slice(4),
    resumeCommand: 'kubectl sts-safe delete web -n prod',
    cancelCommand: 'kubectl sts-safe cancel web -n prod',
    verified: [],
  };
}

export const sampleExplanation: Explanation = {
  id: 'unhealthy-member-stays',
  summary: 'A member that is to stay is not healthy.',
  meaning: [
    'An OrderedReady controller removes nothing before every member that stays is Ready, so the scale-down would stop part-way. In a quorum it may also take away the majority.',
  ],
  evidence: ['Pods of the set: phase, condition Ready, deletionTimestamp'],
  remedies: ['Heal the member, or delete its Pod if it does not come up.', 'kubectl sts-safe status web'],
  operations: [
    { operation: 'scale', severity: 'blocks', override: 'allow' },
    { operation: 'delete', severity: 'warns', override: 'allow' },
    { operation: 'cancel (set gone)', severity: 'blocks', override: 'never', when: 'about PVCs that are Bound' },
  ],
  sources: ['kubernetes pkg/controller/statefulset/stateful_set_control.go'],
};

export const sampleOpenItem: OpenItem = {
  namespace: 'prod',
  set: 'web',
  what: 'operation',
  operation: 'scale',
  phase: 'stopped',
  startedBy: 'ann@laptop',
  since: '2026-06-01T11:40:00Z',
  heartbeat: '2026-06-01T11:58:00Z',
  currentStep: 'scale-down/2',
  archive: 'sts-safe.web.1',
  resumeCommand: 'kubectl sts-safe scale web --replicas 1 -n prod',
  cancelCommand: 'kubectl sts-safe cancel web -n prod',
};

export const samplePvcs: PvcLook = {
  items: [
    {
      namespace: 'prod',
      name: 'data-web-2',
      uid: 'u2',
      class: 'excess',
      reason: 'StatefulSet web has ordinals 0 to 1, and nothing known gives it more',
      evidence: [{ object: 'statefulset/web', field: 'spec.replicas', value: '2' }],
      set: 'web',
      ordinal: 2,
      phase: 'Bound',
      volume: 'pv-data-web-2',
      reclaimPolicy: 'Delete',
      size: '1Gi',
      storageClass: 'fast',
      created: '2026-05-01T12:00:00Z',
      hazards: ['it is being deleted'],
    },
  ],
  totals: [{ class: 'excess', count: 1, size: '1Gi' }],
  unread: [],
};

export const sampleVolume: RetainedVolume = {
  name: 'pv-data-web-2',
  namespace: 'prod',
  pvc: 'data-web-2',
  phase: 'Available',
  reclaimPolicy: 'Retain',
  size: '1Gi',
  storageClass: 'fast',
  state: 'retired',
  by: 'ann@laptop',
  since: '2026-06-01T11:40:00Z',
  reason: 'scaled down for good',
};
