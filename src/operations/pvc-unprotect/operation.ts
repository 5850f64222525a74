import Type from 'typebox';
import type { Finding } from '../../domain/finding.ts';
import type { Volume } from '../../domain/kube.ts';
import { PROTECTED, protectedMarkOf, retiredMarkOf } from '../../domain/volume-marks.ts';
import type { Rule } from '../../findings/check.ts';
import { volumeWouldBeDeleted } from '../../findings/volume-would-be-deleted.ts';
import { changeOf } from '../../plan/action.ts';
import type { ClaimState } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import type { Operation, PlanDraft, PlanInput } from '../operation.ts';
import { claimNameOf, setOrSaved, volumesOf } from '../set-volumes.ts';
import { policyChange, policyOf, unmarked, volumeRef, volumesDraft } from '../volume-marking.ts';

type Options = Record<never, never>;

const needs = { required: ['set', 'claims', 'followedVolumes'], advisory: ['savedSets', 'stored', 'namespace'] } as const;
const consent = { kind: 'yes-no' } as const;
const rules: readonly Rule[] = [{ check: volumeWouldBeDeleted, severity: 'blocks' }];
const WRITE_MS = 60_000;

/** Marked ones; what `pvc retire` keeps stays retained until it is restored. */
function toUnprotect({ snapshot }: PlanInput<Options>): readonly Volume[] {
  return volumesOf(setOrSaved(snapshot), snapshot).filter(
    (volume) => volume.metadata.labels?.[PROTECTED] !== undefined && retiredMarkOf(volume) === undefined,
  );
}

/** What is not known stays retained. */
const policyBefore = (volume: Volume): string => protectedMarkOf(volume)?.policy ?? 'Retain';

/** With their policy back, the data of these goes with their PVCs: all of those must be as they are. */
function claimsAtStake(volumes: readonly Volume[]): readonly ClaimState[] {
  return volumes
    .filter((volume) => policyBefore(volume) === 'Delete')
    .map((volume) => ({ name: claimNameOf(volume), uid: volume.spec.claimRef?.uid ?? '', phase: 'Bound' }));
}

function step(volume: Volume, claims: readonly ClaimState[], timeoutMs: number): Step {
  const { name, uid } = volume.metadata;
  const claim = claimNameOf(volume);
  const before = policyBefore(volume);
  return {
    id: `unmark-volume/${name}`,
    title: `restore the reclaim policy of PV ${name} (PVC ${claim}) to ${before}`,
    action: changeOf(volumeRef(volume), uid, [...policyChange(volume, before), ...unmarked(volume, PROTECTED)]),
    preconditions: claims.length === 0 ? [] : [{ is: 'claims-unchanged', claims }],
    verify: [],
    group: name,
    timeoutMs,
  };
}

function plan(input: PlanInput<Options>, findings: readonly Finding[]): PlanDraft {
  const { snapshot, stepTimeoutMs = WRITE_MS } = input;
  const { name } = snapshot.target;
  const volumes = toUnprotect(input);
  return {
    ...volumesDraft(input, volumes),
    operation: 'pvc unprotect',
    summary: `restore the reclaim policy of ${volumes.length} ${volumes.length === 1 ? 'PV' : 'PVs'} of StatefulSet ${name}`,
    findings,
    changes: volumes.map((volume) => ({
      kind: 'PersistentVolume',
      name: volume.metadata.name,
      before: `${policyOf(volume)}, protected, PVC ${claimNameOf(volume)}`,
      after: policyBefore(volume),
    })),
    steps: volumes.map((volume) => step(volume, claimsAtStake(volumes), stepTimeoutMs)),
  };
}

/** `pvc unprotect NAME`: the PVs of a StatefulSet get the reclaim policies that they had before `pvc protect`. */
export const pvcUnprotect: Operation<Options> = {
  id: 'pvc unprotect',
  options: Type.Object({}),
  subject: 'statefulsets',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'persistentvolumes', verbs: ['patch'] }],
  startsWithout: true,
  needs,
  consent,
  intent: (input) => {
    const set = setOrSaved(input.snapshot);
    const volumes = toUnprotect(input);
    if (volumes.length > 0) return { operation: 'pvc unprotect', set, volumes, leaving: [], arriving: [], staying: [] };
    return { outcome: 'nothing-to-do', message: `no PV of StatefulSet ${input.snapshot.target.name} is protected` };
  },
  rules: () => rules,
  plan: (input, _intent, findings) => plan(input, findings),
  done: ({ target, steps }) => `${steps.length} ${steps.length === 1 ? 'PV' : 'PVs'} of StatefulSet ${target.name} no longer protected`,
  undo: () => 'pvc protect',
  table: [{ operation: 'pvc unprotect', consent, needs, rules }],
};
