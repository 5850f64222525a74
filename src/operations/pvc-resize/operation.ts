import Type, { type Static } from 'typebox';
import { claimsOf } from '../../domain/claims.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { claimPlace } from '../../domain/naming.ts';
import { capacityOf, isSmaller, requestOf } from '../../domain/sizes.ts';
import type { Intent } from '../../findings/check.ts';
import { claimNotExpandable } from '../../findings/claim-not-expandable.ts';
import { claimTemplateDiffers } from '../../findings/claim-template-differs.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { changeOf } from '../../plan/action.ts';
import type { Change, NothingToDo, Step } from '../../plan/plan.ts';
import { refBeside } from '../member-steps.ts';
import type { Operation, PlanDraft, PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { claimsIn, podsOf } from '../planned-on.ts';
import { sizesIn } from './sizes.ts';

const PVC_RESIZE = 'pvc resize';

const resizeOptions = Type.Object({
  sizes: Type.Array(Type.String({ minLength: 3 }), { minItems: 1, description: 'TEMPLATE=SIZE, such as data=20Gi' }),
});

type Options = Readonly<Static<typeof resizeOptions>>;
type Input = PlanInput<Options>;

const needs = { required: ['set', 'pods', 'claims', 'stored', 'storageClasses'], advisory: ['namespace'] } as const;
const consent = { kind: 'yes-no' } as const;
const rules = [
  { check: namespaceTerminating, severity: 'blocks' },
  { check: claimNotExpandable, severity: 'blocks' },
  { check: claimTemplateDiffers, severity: 'warns' },
] as const;

/** Drivers take seconds; a volume that is moved to larger disks, minutes. */
const RESIZE_MS = 10 * 60_000;

type Resized = NonNullable<Intent['expands']>[number];

/** PVCs of these templates that do not have the size yet, highest ordinal first: what one driver cannot, it shows at the first one. */
function toResize({ snapshot, options }: Input, set: StatefulSet): readonly Resized[] {
  const all = claimsOf(set, podsOf(snapshot), claimsIn(snapshot));
  return sizesIn(options.sizes, set)
    .flatMap(({ template, size }) =>
      all.flatMap((one) => (claimPlace(set, one.claim.metadata.name)?.template === template ? [{ ...one, size }] : [])),
    )
    .filter(({ claim, size }) => requestOf(claim) !== size || isSmaller(capacityOf(claim), size))
    .toSorted((a, b) => (b.ordinal ?? 0) - (a.ordinal ?? 0));
}

function resizeIntent(input: Input): Intent | NothingToDo {
  const set = liveSet(input.snapshot);
  const expands = toResize(input, set);
  if (expands.length > 0) return { operation: PVC_RESIZE, set, leaving: [], arriving: [], staying: [], expands };
  const words = sizesIn(input.options.sizes, set).map(({ template, size }) => `${template} (${size})`);
  return { outcome: 'nothing-to-do', message: `the PVCs of StatefulSet ${set.metadata.name} have this size already: ${words.join(', ')}` };
}

function resizePlan(input: Input, { set, expands: resized = [] }: Intent, findings: readonly Finding[]): PlanDraft {
  const { snapshot, options, allowed, stepTimeoutMs = RESIZE_MS } = input;
  const amount = `${resized.length} ${resized.length === 1 ? 'PVC' : 'PVCs'}`;
  return {
    schema: 1,
    operation: PVC_RESIZE,
    cluster: snapshot.cluster,
    target: snapshot.target,
    options: { ...options },
    allowed,
    summary: `expand ${amount} of StatefulSet ${set.metadata.name}, one at a time, highest ordinal first`,
    findings,
    changes: resized.map(changeOfClaim),
    basedOn: resized.map(({ claim: { metadata, ...claim } }) => ({
      object: `persistentvolumeclaim/${metadata.name}`,
      uid: metadata.uid,
      fields: { size: requestOf(claim) },
    })),
    steps: resized.map((one) => resizeStep(one, set, stepTimeoutMs)),
    consent,
    putBack: {},
    archive: '',
  };
}

function changeOfClaim({ claim, size }: Resized): Change {
  const [request, capacity] = [requestOf(claim) ?? 'no size', capacityOf(claim) ?? 'no size'];
  const before = request === capacity ? capacity : `${capacity}, ${request} requested`;
  return { kind: 'PersistentVolumeClaim', name: claim.metadata.name, before, after: size };
}

/** One that requests the size already is only waited for. */
function resizeStep({ claim, size }: Resized, set: StatefulSet, timeoutMs: number): Step {
  const { name, uid } = claim.metadata;
  const from = requestOf(claim);
  const field = { path: '/spec/resources/requests/storage', from, to: size };
  return {
    id: `resize/${name}`,
    title: from === size ? `wait until PVC ${name} has ${size}` : `set the size of PVC ${name} to ${size}`,
    action: from === size ? { do: 'wait' } : changeOf(refBeside(set, 'persistentvolumeclaims', name), uid, [field]),
    preconditions: [],
    verify: [{ is: 'claim-expanded', claim: { name, uid }, size }],
    ifStopped: 'continues',
    timeoutMs,
  };
}

/** `pvc resize NAME TEMPLATE=SIZE`: PVCs grow online; typed again, it goes on with those that have not (product, section 3). */
export const pvcResize: Operation<Options> = {
  id: PVC_RESIZE,
  options: resizeOptions,
  subject: 'statefulsets',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'persistentvolumeclaims', verbs: ['patch'] }],
  needs,
  consent,
  intent: resizeIntent,
  rules: () => rules,
  plan: resizePlan,
  done: ({ target, steps }) => `${steps.length} ${steps.length === 1 ? 'PVC' : 'PVCs'} of StatefulSet ${target.name} expanded`,
  table: [{ operation: PVC_RESIZE, consent, needs, rules }],
};
