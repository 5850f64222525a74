import type { Finding } from '../../domain/finding.ts';
import type { Claim, Volume } from '../../domain/kube.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { names } from '../../findings/draft.ts';
import type { Change, Consent } from '../../plan/plan.ts';
import type { Pvc } from '../../pvcs/pvc.ts';
import type { PlanDraft, PlanInput } from '../operation.ts';
import { isFree, retiredVolumes } from '../retired-volumes.ts';
import { plannedOnVolume } from '../volume-marking.ts';
import { chosenPvcs, claimOf } from './choice.ts';
import type { RetireOptions } from './options.ts';
import { dueOf, quarantineOf } from './quarantine.ts';
import { freeStep, quarantineStep, reserve, retireSteps } from './steps.ts';

/** Longest wait for one PVC, milliseconds: for Kubernetes to see that nothing uses it, and for its volume to be free. */
const WAIT_MS = 60_000;

interface Retired {
  readonly pvc: Pvc;
  readonly claim: Claim;
  readonly volume: Volume;
}

export function retirePlan(input: PlanInput<RetireOptions>, consent: Consent, findings: readonly Finding[]): PlanDraft {
  const { snapshot, options, allowed, stepTimeoutMs = WAIT_MS } = input;
  const { cluster, target } = snapshot;
  const { pvcs, unreserved } = chosenPvcs(snapshot, options);
  const due = dueOf(pvcs, snapshot, options);
  const all = due.retire.flatMap((pvc) => withVolume(pvc, snapshot));
  const marked = due.mark.flatMap((pvc) => withVolume(pvc, snapshot));
  const left = unreserved.flatMap((name) => retiredVolumes(snapshot, name).filter(isFree));
  const who = [...all.map(({ pvc }) => pvc.name), ...unreserved];
  return {
    schema: 1,
    operation: 'pvc retire',
    cluster,
    target,
    options: { ...options },
    allowed,
    summary: summaryOf(
      who,
      marked.map(({ pvc }) => pvc.name),
      due.free.map(({ metadata }) => metadata.name),
    ),
    findings,
    changes: [...all.flatMap(fatesOf), ...marked.map(quarantineFate), ...due.free.map(freeFate)],
    basedOn: [...all, ...marked].flatMap(({ volume, claim }) => [
      ...plannedOnVolume(volume),
      { object: `persistentvolumeclaim/${claim.metadata.name}`, uid: claim.metadata.uid, fields: { phase: claim.status.phase ?? '' } },
    ]),
    steps: [
      ...all.flatMap(({ claim, volume }) => retireSteps(claim, volume, stepTimeoutMs)),
      ...marked.map(({ pvc, claim }) => quarantineStep(claim, quarantineOf(pvc, snapshot), stepTimeoutMs)),
      ...due.free.map((claim) => freeStep(claim, stepTimeoutMs)),
      ...left.map(({ volume, mark }) => reserve({ ...mark, resourceVersion: '' }, volume, stepTimeoutMs)),
    ],
    consent,
    putBack: {},
    archive: '',
  };
}

function summaryOf(retired: readonly string[], marked: readonly string[], freed: readonly string[]): string {
  const count = (all: readonly string[]): string => `${all.length} ${all.length === 1 ? 'PVC' : 'PVCs'}`;
  const parts = [
    ...(retired.length === 0 ? [] : [`retire ${count(retired)}, and keep the data: ${names(retired)}`]),
    ...(marked.length === 0 ? [] : [`quarantine ${count(marked)}: ${names(marked)}`]),
    ...(freed.length === 0 ? [] : [`end the quarantine of ${count(freed)}: ${names(freed)}`]),
  ];
  return parts.join('; ');
}

function quarantineFate({ pvc }: Retired): Change {
  return {
    kind: 'PersistentVolumeClaim',
    name: pvc.name,
    before: `${pvc.phase}, ${pvc.size ?? '?'}, ${pvc.class.replace('-', ' ')}`,
    after: 'quarantined',
  };
}

function freeFate({ metadata, status }: Claim): Change {
  return {
    kind: 'PersistentVolumeClaim',
    name: metadata.name,
    before: `${status.phase ?? ''}, quarantined`,
    after: 'no longer quarantined',
  };
}

function withVolume(pvc: Pvc, snapshot: Snapshot): readonly Retired[] {
  const claim = claimOf(pvc.uid, snapshot);
  const volume = listOf(snapshot, 'followedVolumes').find(({ metadata }) => metadata.name === claim?.spec.volumeName);
  return claim === undefined || volume === undefined ? [] : [{ pvc, claim, volume }];
}

function fatesOf({ pvc, volume }: Retired): readonly Change[] {
  const { name } = volume.metadata;
  return [
    {
      kind: 'PersistentVolumeClaim',
      name: pvc.name,
      before: `${pvc.phase}, ${pvc.size ?? '?'}, ${pvc.class.replace('-', ' ')}`,
      after: `removed; data retained on PV ${name}`,
    },
    {
      kind: 'PersistentVolume',
      name,
      before: pvc.reclaimPolicy ?? volume.spec.persistentVolumeReclaimPolicy ?? '',
      after: `Retain, reserved for PVC ${pvc.name}`,
    },
  ];
}
