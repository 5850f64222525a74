import type { Json, KubeObject, Volume } from '../domain/kube.ts';
import { type ObjectRef, refTo } from '../domain/object-ref.ts';
import { pointer } from '../domain/verbs.ts';
import type { FieldChange } from '../plan/action.ts';
import type { BasedOn } from '../plan/plan.ts';
import type { PlanDraft, PlanInput } from './operation.ts';

/** How operations change PersistentVolumes: policy, label and annotation in one patch, each tested on what was planned on. */

export const volumeRef = ({ metadata: { name } }: Volume): ObjectRef => refTo('persistentvolumes', '', name);

const POLICY = '/spec/persistentVolumeReclaimPolicy';

export function policyOf({ spec }: Volume): string {
  return spec.persistentVolumeReclaimPolicy ?? 'Retain';
}

/** Empty where it is that policy already. */
export function policyChange(volume: Volume, to: string): readonly FieldChange[] {
  const from = volume.spec.persistentVolumeReclaimPolicy;
  return from === to ? [] : [{ path: POLICY, from, to }];
}

/** `add` of a key fails when there is no map at all [X]. */
export function labelled({ metadata: { labels } }: KubeObject, key: string, value: string): readonly FieldChange[] {
  if (labels === undefined) return [{ path: '/metadata/labels', from: undefined, to: { [key]: value } }];
  return labels[key] === value ? [] : [{ path: `/metadata/labels${pointer(key)}`, from: labels[key], to: value }];
}

/** Label and annotation of this key off. */
export function unmarked({ metadata: { labels = {}, annotations = {} } }: KubeObject, key: string): readonly FieldChange[] {
  const off = (map: string, from: Json | undefined): readonly FieldChange[] =>
    from === undefined ? [] : [{ path: `/metadata/${map}${pointer(key)}`, from, to: undefined }];
  return [...off('labels', labels[key]), ...off('annotations', annotations[key])];
}

/** For the digest. */
export function plannedOnVolume(volume: Volume): readonly BasedOn[] {
  const { metadata, spec } = volume;
  const { name = '', uid = '' } = spec.claimRef ?? {};
  return [
    { object: `persistentvolume/${metadata.name}`, uid: metadata.uid, fields: { policy: policyOf(volume) } },
    { object: `persistentvolumeclaim/${name}`, uid, fields: {} },
  ];
}

/** What every plan has that only marks volumes, each in a group of its own: it keeps no record and puts nothing back. */
export function volumesDraft({ snapshot: { cluster, target }, allowed }: PlanInput<unknown>, volumes: readonly Volume[]) {
  return {
    schema: 1,
    cluster,
    target,
    options: {},
    allowed,
    basedOn: volumes.flatMap(plannedOnVolume),
    consent: { kind: 'yes-no' },
    putBack: {},
    archive: '',
  } as const satisfies Partial<PlanDraft>;
}
