import Type, { type Static } from 'typebox';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import type { Rule } from '../../findings/check.ts';
import { names as inWords } from '../../findings/draft.ts';
import { volumeStatic } from '../../findings/volume-static.ts';
import { changeOf, type FieldChange } from '../../plan/action.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { Step } from '../../plan/plan.ts';
import { noSet } from '../no-set.ts';
import { consentTo, type Operation, type PlanDraft, type PlanInput } from '../operation.ts';
import { isFree, type RetiredVolume, retiredVolumes } from '../retired-volumes.ts';
import { plannedOnVolume, policyChange, volumeRef } from '../volume-marking.ts';

const options = Type.Object({
  names: Type.Array(Type.String(), { description: 'Of retired PVCs', minItems: 1 }),
  pv: Type.Optional(Type.String({ description: 'The PersistentVolume, where several are kept for that name' })),
});
type Options = Readonly<Static<typeof options>>;

const needs = { required: ['claims', 'followedVolumes'], advisory: ['namespace'] } as const;
const consent = { kind: 'typed' } as const;
const rules: readonly Rule[] = [{ check: volumeStatic, severity: 'blocks' }];
/** Longest wait for a provisioner to delete one volume, milliseconds. */
const WAIT_MS = 300_000;

/** @throws CannotError or RefusedError where it is not clear what would be destroyed */
function chosen(snapshot: Snapshot, { names, pv }: Options): readonly RetiredVolume[] {
  return names.map((name) => {
    const all = retiredVolumes(snapshot, name).filter(({ volume }) => pv === undefined || volume.metadata.name === pv);
    const free = all.filter(isFree);
    const [first, ...more] = free;
    if (first === undefined) throw new CannotError(...noneOf(snapshot, name, all.length > 0));
    if (more.length > 0)
      throw new RefusedError(
        `several PVs are retired for PVC ${name}: ${free.map(({ volume }) => volume.metadata.name).join(', ')}`,
        'add --pv NAME',
      );
    if (listOf(snapshot, 'claims').some(({ metadata }) => metadata.uid === first.mark.uid))
      throw new RefusedError(
        `PVC ${name} is not retired yet`,
        commandLine({ operation: 'pvc retire', name, options: {} }, placeOf(snapshot)),
      );
    return first;
  });
}

function noneOf(snapshot: Snapshot, name: string, isBound: boolean): [string, string] {
  if (isBound) return [`the PV that was retired for PVC ${name} is bound again`, 'retire the PVC first'];
  const line = commandLine({ do: 'operation', operation: 'pvc list', options: { released: true } }, placeOf(snapshot));
  return [`no PV is retired for PVC ${name} in namespace ${snapshot.target.namespace}`, `${line} lists what is retired`];
}

/**
 * Provisioners delete only what is Released: one patch gives the volume its last PVC's UID again, which no PVC has any more, and its
 * policy. Should a PVC of that name come in the same moment, it binds to the volume and the patch fails [X].
 */
function step({ volume, mark }: RetiredVolume, timeoutMs: number): Step {
  const { name, uid } = volume.metadata;
  const bound = volume.spec.claimRef?.uid;
  const release: readonly FieldChange[] = bound === mark.uid ? [] : [{ path: '/spec/claimRef/uid', from: bound, to: mark.uid }];
  return {
    id: `destroy-volume/${name}`,
    title: `delete PV ${name} and the data of PVC ${mark.name}`,
    action: changeOf(volumeRef(volume), uid, [...release, ...policyChange(volume, 'Delete')]),
    preconditions: [{ is: 'claims-gone', claims: [{ name: mark.name, uid: mark.uid }] }],
    verify: [{ is: 'volume-gone', volume: { name, uid } }],
    group: name,
    timeoutMs,
  };
}

function plan(input: PlanInput<Options>, findings: readonly Finding[]): PlanDraft {
  const { snapshot, allowed, stepTimeoutMs = WAIT_MS } = input;
  const { cluster, target } = snapshot;
  const volumes = chosen(snapshot, input.options);
  return {
    schema: 1,
    operation: 'pvc purge',
    cluster,
    target,
    options: { ...input.options },
    allowed,
    summary: `DELETE the data of ${volumes.length} retired ${volumes.length === 1 ? 'PVC' : 'PVCs'}: ${inWords(volumes.map(({ mark }) => mark.name))}`,
    findings,
    changes: volumes.map(({ volume, mark }) => ({
      kind: 'PersistentVolume',
      name: volume.metadata.name,
      before: `${volume.spec.capacity?.['storage'] ?? '?'}, retired from PVC ${mark.name}`,
      after: 'DELETED, data included',
    })),
    basedOn: volumes.flatMap(({ volume }) => plannedOnVolume(volume)),
    steps: volumes.map((one) => step(one, stepTimeoutMs)),
    consent: consentTo(consent, target.name),
    putBack: {},
    archive: '',
  };
}

/** `pvc purge NAME…`: the data of retired PVCs is deleted. */
export const pvcPurge: Operation<Options> = {
  id: 'pvc purge',
  options,
  subject: 'persistentvolumeclaims',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'persistentvolumes', verbs: ['patch'] }],
  needs,
  consent,
  intent: ({ snapshot, options: asked }) => ({
    operation: 'pvc purge',
    set: noSet(snapshot),
    volumes: chosen(snapshot, asked).map(({ volume }) => volume),
    destroysVolumes: true,
    leaving: [],
    arriving: [],
    staying: [],
  }),
  rules: () => rules,
  plan: (input, _intent, findings) => plan(input, findings),
  done: ({ steps }) => `${steps.length} ${steps.length === 1 ? 'PV' : 'PVs'} deleted with ${steps.length === 1 ? 'its' : 'their'} data`,
  table: [{ operation: 'pvc purge', consent, needs, rules }],
};
