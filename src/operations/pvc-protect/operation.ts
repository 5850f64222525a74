import Type from 'typebox';
import type { Finding } from '../../domain/finding.ts';
import type { Volume } from '../../domain/kube.ts';
import { PROTECTED, protectedMarkOf } from '../../domain/volume-marks.ts';
import { changeOf } from '../../plan/action.ts';
import type { Step } from '../../plan/plan.ts';
import type { Operation, PlanDraft, PlanInput } from '../operation.ts';
import { claimNameOf, setOrSaved, volumesOf } from '../set-volumes.ts';
import { labelled, policyChange, policyOf, volumeRef, volumesDraft } from '../volume-marking.ts';

type Options = Record<never, never>;

const needs = { required: ['set', 'followedVolumes'], advisory: ['savedSets', 'stored', 'namespace'] } as const;
const consent = { kind: 'yes-no' } as const;
const WRITE_MS = 60_000;

/** Those that are not both retained and marked. */
function toProtect({ snapshot }: PlanInput<Options>): readonly Volume[] {
  const isProtected = (volume: Volume): boolean => policyOf(volume) === 'Retain' && protectedMarkOf(volume) !== undefined;
  return volumesOf(setOrSaved(snapshot), snapshot).filter((volume) => !isProtected(volume));
}

function step(volume: Volume, timeoutMs: number): Step {
  const { name, uid } = volume.metadata;
  // Whoever takes the policy away later does not change what it was before.
  const signed = protectedMarkOf(volume) === undefined ? { annotation: PROTECTED, says: { policy: policyOf(volume) } } : undefined;
  return {
    id: `retain-volume/${name}`,
    title: `set the reclaim policy of PV ${name} (PVC ${claimNameOf(volume)}) to Retain`,
    action: changeOf(volumeRef(volume), uid, [...policyChange(volume, 'Retain'), ...labelled(volume, PROTECTED, 'true')], signed),
    preconditions: [],
    verify: [{ is: 'volume-kept', volume: { name, uid } }],
    group: name,
    timeoutMs,
  };
}

function plan(input: PlanInput<Options>, findings: readonly Finding[]): PlanDraft {
  const { snapshot, stepTimeoutMs = WRITE_MS } = input;
  const { name } = snapshot.target;
  const volumes = toProtect(input);
  return {
    ...volumesDraft(input, volumes),
    operation: 'pvc protect',
    summary: `keep the data of ${volumes.length} ${volumes.length === 1 ? 'PVC' : 'PVCs'} of StatefulSet ${name}: set the reclaim policy of their PVs to Retain`,
    findings,
    changes: volumes.map((volume) => ({
      kind: 'PersistentVolume',
      name: volume.metadata.name,
      before: `${policyOf(volume)}, PVC ${claimNameOf(volume)}`,
      after: 'Retain, protected',
    })),
    steps: volumes.map((volume) => step(volume, stepTimeoutMs)),
  };
}

/**
 * `pvc protect NAME`: the PVs of a StatefulSet to Retain, whoever deletes what. Also while its PVCs, its namespace or itself are being
 * deleted: what must not be lost is the volume.
 */
export const pvcProtect: Operation<Options> = {
  id: 'pvc protect',
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
    const { name } = input.snapshot.target;
    const [first] = toProtect(input);
    if (first !== undefined) return { operation: 'pvc protect', set, leaving: [], arriving: [], staying: [] };
    const has = volumesOf(set, input.snapshot).length > 0;
    return {
      outcome: 'nothing-to-do',
      message: has ? `the PVs of StatefulSet ${name} are protected already` : `StatefulSet ${name} has no PVs`,
    };
  },
  rules: () => [],
  plan: (input, _intent, findings) => plan(input, findings),
  done: ({ target, steps }) => `${steps.length} ${steps.length === 1 ? 'PV' : 'PVs'} of StatefulSet ${target.name} protected`,
  undo: () => 'pvc unprotect',
  table: [{ operation: 'pvc protect', consent, needs, rules: [] }],
};
