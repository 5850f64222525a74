import { isDeepStrictEqual } from 'node:util';
import type { Json, StatefulSet, UpdateStrategy } from '../../domain/kube.ts';
import type { Member } from '../../domain/members.ts';
import { ordinalsOf } from '../../domain/naming.ts';
import { strategyOf } from '../../domain/revisions.ts';
import { type Action, changeOf } from '../../plan/action.ts';
import type { ClaimState, Condition } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { handBackStep } from '../back.ts';
import { refBeside, refOf } from '../member-steps.ts';
import type { Baseline } from './baseline.ts';
import type { Order } from './order.ts';

/** Of `status`, and of the API: nobody but us replaces Pods then. */
const ON_DELETE: UpdateStrategy = { type: 'OnDelete' };

const TEMPLATE = '/spec/template';
const STRATEGY = '/spec/updateStrategy';

/** What every step rests on. */
export interface Facts {
  readonly set: StatefulSet;
  readonly timeoutMs: number;
}

/** One atomic patch: from then on whatever starts is of the baseline, and the controller replaces nothing by itself. */
export function toBaselineStep({ set, timeoutMs }: Facts, { template, revision }: Baseline): Step {
  const { uid } = set.metadata;
  return {
    id: 'to-baseline',
    title: `restore the Pod template of revision ${revision}, and set the update strategy to OnDelete`,
    action: changeOf(refOf(set), uid, [
      { path: TEMPLATE, from: json(set.spec.template), to: json(template) },
      { path: STRATEGY, from: json(set.spec.updateStrategy), to: json(ON_DELETE) },
    ]),
    preconditions: [{ is: 'set-is', uid }],
    verify: [{ is: 'set-observed', uid }],
    timeoutMs,
  };
}

/**
 * The broken ones first; then, when nothing is down, the healthy ones. A set whose Pods start at once gets all broken ones at once.
 * A healthy one that breaks meanwhile is the next: an OrderedReady controller would make no Pod above it.
 */
export function replaceSteps(facts: Facts, { broken, healthy, anyDown, oneByOne }: Order): readonly Step[] {
  const all = ordinalsOf(facts.set);
  const wrong = healthy.map(({ ordinal }) => ordinal);
  return [
    ...broken.flatMap((member) => replaceStep(facts, member, { waits: oneByOne, preconditions: [], healthy: wrong })),
    ...(anyDown && all.length > 0 ? [availableStep(facts, all, wrong)] : []),
    ...healthy.flatMap((member, at) =>
      replaceStep(facts, member, { waits: true, preconditions: [{ is: 'members-ready', ordinals: all }], healthy: wrong.slice(at + 1) }),
    ),
  ];
}

interface Turn {
  /** The next one waits until this one is available. */
  readonly waits: boolean;
  readonly preconditions: readonly Condition[];
  /** Those that are to be replaced later, and are well now. */
  readonly healthy: readonly number[];
}

/** One Pod by its UID, with its own grace period; the controller creates it again, of the baseline. */
function replaceStep({ set, timeoutMs }: Facts, { ordinal, name, pod }: Member, { waits, preconditions, healthy }: Turn): readonly Step[] {
  if (pod === undefined) return [];
  const ordinals = [ordinal];
  return [
    {
      id: `replace/${ordinal}`,
      title: `replace Pod ${name}`,
      action: { do: 'write', write: { verb: 'delete', ref: refBeside(set, 'pods', name), uid: pod.metadata.uid } },
      preconditions,
      verify: [{ is: 'members-updated', ordinals }, ...(waits ? [{ is: 'members-ready', ordinals } as const] : [])],
      ...unlessDown(healthy),
      timeoutMs,
    },
  ];
}

function availableStep({ timeoutMs }: Facts, ordinals: readonly number[], healthy: readonly number[]): Step {
  return {
    id: 'available',
    title: 'wait until all Pods are available',
    action: { do: 'wait' },
    preconditions: [],
    verify: [{ is: 'members-ready', ordinals }],
    ...unlessDown(healthy),
    timeoutMs: timeoutMs * ordinals.length,
  };
}

function unlessDown(ordinals: readonly number[]): Pick<Step, 'unless'> {
  return ordinals.length === 0 ? {} : { unless: { is: 'member-down', ordinals } };
}

/** All Pods are of the baseline: whatever strategy is in force, the controller has nothing to replace. */
export function updatedStep({ set, timeoutMs }: Facts): Step {
  const ordinals = ordinalsOf(set);
  return {
    id: 'all-updated',
    title: 'verify that all Pods are of that revision, and available',
    action: { do: 'wait' },
    preconditions: [],
    verify: [{ is: 'set-observed', uid: set.metadata.uid }, ...everyPod(ordinals)],
    timeoutMs: timeoutMs * Math.max(1, ordinals.length),
  };
}

/** None where the set was OnDelete before. */
export function strategyStep({ set, timeoutMs }: Facts, strategy: UpdateStrategy | undefined): readonly Step[] {
  if (isDeepStrictEqual(strategy, ON_DELETE)) return [];
  const { uid } = set.metadata;
  const ordinals = ordinalsOf(set);
  return [
    {
      id: 'strategy-back',
      title: `set the update strategy back to ${strategy === undefined ? 'the default' : strategyOf({ ...set, spec: { ...set.spec, updateStrategy: strategy } })}`,
      action: strategyChange(set, ON_DELETE, strategy),
      preconditions: [{ is: 'set-is', uid }, ...everyPod(ordinals)],
      verify: [{ is: 'set-observed', uid }, ...everyPod(ordinals)],
      timeoutMs,
    },
  ];
}

/** The whole strategy in one field: of OnDelete the API takes nothing beside the type. */
export function strategyChange(set: StatefulSet, from: UpdateStrategy | undefined, to: UpdateStrategy | undefined): Action {
  return changeOf(refOf(set), set.metadata.uid, [{ path: STRATEGY, from: json(from), to: json(to) }]);
}

export function finishStep({ set, timeoutMs }: Facts, claims: readonly ClaimState[]): Step {
  return handBackStep(set, timeoutMs, [
    { is: 'set-is', uid: set.metadata.uid },
    { is: 'claims-unchanged', claims },
  ]);
}

function everyPod(ordinals: readonly number[]): readonly Condition[] {
  return ordinals.length === 0
    ? []
    : [
        { is: 'members-updated', ordinals },
        { is: 'members-ready', ordinals },
      ];
}

const json = (value: object | undefined): Json | undefined => value as unknown as Json | undefined;
