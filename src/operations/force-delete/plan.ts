import { CannotError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Node, Pod, StatefulSet } from '../../domain/kube.ts';
import { ordinalIn } from '../../domain/naming.ts';
import { podsOnNode } from '../../domain/node-pods.ts';
import { listOf, nodeOf, type Snapshot } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import type { Condition } from '../../plan/condition.ts';
import type { BasedOn, Change, NothingToDo, Step } from '../../plan/plan.ts';
import { archiveNameFor } from '../archive-name.ts';
import { archiveStep, refBeside } from '../member-steps.ts';
import { fateOf, fateOfNode } from '../node-fence/fate.ts';
import { attestWrite } from '../node-fence/taint.ts';
import { consentTo, type PlanDraft, type PlanInput, type Resume } from '../operation.ts';
import { liveSet, originalSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { claimStates } from '../promised-claims.ts';
import { stepTimeout } from '../timeouts.ts';
import type { ForceDeleteOptions } from './options.ts';

export const FORCE_DELETE = 'force-delete';

/** The Pod that is meant: of a run that resumes, the one of the UID that it began with, and no other of that name. */
function podOf({ snapshot, options, resume }: PlanInput<ForceDeleteOptions>): Pod | undefined {
  const uid = begunWith(resume);
  return podsOf(snapshot).find(({ metadata }) => (uid === undefined ? metadata.name === options.pod : metadata.uid === uid));
}

/** UID of the Pod that an earlier run was about. */
function begunWith(resume: Resume | undefined): string | undefined {
  const uid = resume?.archive.options['uid'];
  return typeof uid === 'string' ? uid : undefined;
}

function ordinalOf(set: StatefulSet, name: string): number {
  const ordinal = ordinalIn(set.metadata.name, name);
  if (ordinal === undefined) throw new CannotError(`${name} is no Pod of StatefulSet ${set.metadata.name}`);
  return ordinal;
}

export function forceDeleteIntent(input: PlanInput<ForceDeleteOptions>): Intent | NothingToDo {
  const set = originalSet(input);
  const { pod: name, attest, evidence } = input.options;
  const ordinal = ordinalOf(set, name);
  if (podOf(input) === undefined && input.resume === undefined)
    throw new CannotError(`Pod ${name} not found in namespace ${input.snapshot.target.namespace}`);
  return { operation: FORCE_DELETE, set, leaving: [ordinal], arriving: [], staying: [], onNode: name, attested: { attest, evidence } };
}

export function forceDeletePlan(input: PlanInput<ForceDeleteOptions>, _intent: Intent, findings: readonly Finding[]): PlanDraft {
  const { snapshot, allowed, options, resume } = input;
  const { cluster, target } = snapshot;
  const live = liveSet(snapshot);
  const pod = podOf(input);
  const uid = pod?.metadata.uid ?? begunWith(resume) ?? '';
  const archive = resume?.record.archive ?? archiveNameFor(snapshot);
  const node = listOf(snapshot, 'node')[0];
  const from = fromOf(pod, input);
  return {
    schema: 1,
    operation: FORCE_DELETE,
    cluster,
    target,
    options: { ...options, uid },
    allowed,
    summary: `delete Pod ${options.pod} by force, without its kubelet; node ${nodeOf(target) ?? '<unknown>'} is attested to be ${options.attest}`,
    findings,
    changes: fatesOf(node, input),
    basedOn: [...plannedOnSet(live, snapshot), ...plannedOnNode(node)],
    steps: stepsOf(input, { live, uid, archive, node, pod }),
    ...from,
    consent: consentTo({ kind: 'typed' }, options.pod),
    putBack: {},
    archive,
  };
}

/** What is deleted is not deleted again: then only its replacement is waited for. */
function fromOf(pod: Pod | undefined, { resume }: PlanInput<ForceDeleteOptions>): Pick<PlanDraft, 'from'> {
  if (resume === undefined) return {};
  return { from: pod === undefined && resume.record.cursor !== CLOSE ? REPLACED : resume.record.cursor };
}

function fatesOf(node: Node | undefined, { snapshot, options }: PlanInput<ForceDeleteOptions>): readonly Change[] {
  const { namespace } = snapshot.target;
  const ofPod = podsOnNode(snapshot)
    .filter(({ pod: { metadata } }) => metadata.name === options.pod && metadata.namespace === namespace)
    .flatMap((one) => fateOf(one, snapshot));
  return [...(node === undefined ? [] : [fateOfNode(node, options, 'marked')]), ...ofPod];
}

function plannedOnNode(node: Node | undefined): readonly BasedOn[] {
  if (node === undefined) return [];
  const { metadata, status } = node;
  return [{ object: `node/${metadata.name}`, uid: metadata.uid, fields: { bootID: status.nodeInfo?.bootID ?? '' } }];
}

const REPLACED = 'replaced';
const CLOSE = 'finish';

/** Looked at again right before each write: what was silent when the plan was made may speak by now. */
const EVIDENCE = ['lease', 'kubelet', 'podAnswers'] as const;

interface Deleted {
  readonly live: StatefulSet;
  readonly uid: string;
  readonly archive: string;
  readonly node: Node | undefined;
  readonly pod: Pod | undefined;
}

function stepsOf(input: PlanInput<ForceDeleteOptions>, { live, uid, archive, node, pod }: Deleted): readonly Step[] {
  const { options, snapshot, stepTimeoutMs } = input;
  const timeoutMs = stepTimeout(live, stepTimeoutMs);
  const name = options.pod;
  const { namespace } = snapshot.target;
  const silent: readonly Condition[] =
    node === undefined ? [] : [{ is: 'node-silent', uid: node.metadata.uid, bootID: node.status.nodeInfo?.bootID ?? '' }];
  const guarded = { preconditions: silent, rereads: EVIDENCE, verify: [], timeoutMs } as const;
  return [
    archiveStep(archive, timeoutMs),
    ...(node === undefined || pod === undefined
      ? []
      : [
          {
            ...guarded,
            id: 'attest',
            title: `keep on node ${node.metadata.name} what was attested`,
            action: { do: 'write', write: attestWrite(node, options, [`${namespace}/${name}`], false) } as const,
          },
          {
            ...guarded,
            id: 'delete-pod',
            title: `delete Pod ${name} by UID, with a grace period of 0`,
            action: { do: 'write', write: { verb: 'delete', ref: refBeside(live, 'pods', name), uid, graceSeconds: 0 } } as const,
            ifStopped: 'continues' as const,
          },
        ]),
    {
      id: REPLACED,
      title: `wait until the replacement of ${name} is Ready`,
      action: { do: 'wait' },
      preconditions: [],
      verify: [{ is: 'members-ready', ordinals: [ordinalOf(live, name)] }],
      timeoutMs,
    },
    closeStep(live, ordinalOf(live, name), snapshot, timeoutMs),
  ];
}

/** @param ordinal of the Pod whose PVCs must be the same objects at the end; undefined where none was touched */
export function closeStep(live: StatefulSet, ordinal: number | undefined, snapshot: Snapshot, timeoutMs: number): Step {
  const claims = ordinal === undefined ? [] : claimStates(live, snapshot, (one) => one === ordinal);
  return {
    id: CLOSE,
    title: 'remove the operation record',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'set', uid: live.metadata.uid, handBack: true } },
    preconditions: claims.length === 0 ? [] : [{ is: 'claims-unchanged', claims }],
    verify: [],
    timeoutMs,
  };
}
