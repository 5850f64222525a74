import type { Finding } from '../../domain/finding.ts';
import type { Claim, Volume } from '../../domain/kube.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { names } from '../../findings/draft.ts';
import type { Consent, Fate } from '../../plan/plan.ts';
import type { Pvc } from '../../pvcs/pvc.ts';
import type { PlanDraft, PlanInput } from '../operation.ts';
import { isFree, retiredVolumes } from '../retired-volumes.ts';
import { plannedOnVolume } from '../volume-marking.ts';
import { chosenPvcs, claimOf } from './choice.ts';
import type { RetireOptions } from './options.ts';
import { reserve, retireSteps } from './steps.ts';

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
  const all = pvcs.flatMap((pvc) => withVolume(pvc, snapshot));
  const left = unreserved.flatMap((name) => retiredVolumes(snapshot, name).filter(isFree));
  const who = [...all.map(({ pvc }) => pvc.name), ...unreserved];
  return {
    schema: 1,
    operation: 'pvc retire',
    cluster,
    target,
    options: { ...options },
    allowed,
    summary: `retire ${who.length} ${who.length === 1 ? 'PVC' : 'PVCs'}, and keep the data: ${names(who)}`,
    findings,
    fate: all.flatMap(fatesOf),
    plannedOn: all.flatMap(({ volume, claim }) => [
      ...plannedOnVolume(volume),
      { object: `persistentvolumeclaim/${claim.metadata.name}`, uid: claim.metadata.uid, fields: { phase: claim.status.phase ?? '' } },
    ]),
    steps: [
      ...all.flatMap(({ claim, volume }) => retireSteps(claim, volume, stepTimeoutMs)),
      ...left.map(({ volume, mark }) => reserve({ ...mark, resourceVersion: '' }, volume, stepTimeoutMs)),
    ],
    consent,
    putBack: {},
    archive: '',
  };
}

function withVolume(pvc: Pvc, snapshot: Snapshot): readonly Retired[] {
  const claim = claimOf(pvc.uid, snapshot);
  const volume = listOf(snapshot, 'followedVolumes').find(({ metadata }) => metadata.name === claim?.spec.volumeName);
  return claim === undefined || volume === undefined ? [] : [{ pvc, claim, volume }];
}

function fatesOf({ pvc, volume }: Retired): readonly Fate[] {
  const { name } = volume.metadata;
  return [
    {
      kind: 'claim',
      name: pvc.name,
      now: `${pvc.phase}, ${pvc.size ?? '?'}, ${pvc.class.replace('-', ' ')}`,
      then: `removed; data retained on PV ${name}`,
    },
    {
      kind: 'volume',
      name,
      now: pvc.reclaimPolicy ?? volume.spec.persistentVolumeReclaimPolicy ?? '',
      then: `Retain, reserved for PVC ${pvc.name}`,
    },
  ];
}
