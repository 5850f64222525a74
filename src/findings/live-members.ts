import type { Pod } from '../domain/kube.ts';
import { isControlledBy, isTerminating, podsNamedAfter } from '../domain/members.ts';
import { selects } from '../domain/selector.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { Check, Draft, Intent } from './check.ts';
import { known, kubectl, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * A Pod bears the name of a member of the set that is to be created, whoever owns it. A new set adopts what matches and
 * condemns what is beyond its replicas: created at 0 with whenScaled: Delete, 3 Pods and 3 claims were gone in 12 s
 * (seen on 1.36). What does not match keeps its name and its volume, and the member cannot be created.
 * With --adopt, free Pods that match are what is wanted. Members of a live set are set-present's affair.
 */
export const liveMembers: Check = {
  id: 'live-members',
  title: 'Pods of that name exist',
  meaning:
    'A set that is created over such Pods adopts those that match and removes those beyond its replicas, with their PVCs under whenScaled: Delete. A Pod that does not match keeps its name and its volume, and the member of that name cannot be created.',
  remedy: 'Take matching Pods over with restore --adopt. Anything else must go first.',
  source: 'seen on 1.36: 3 Pods and 3 PVCs gone within 12 s; pkg/controller/controller_ref_manager.go (ClaimObject)',
  override: 'never',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const live = sliceOf(snapshot, 'set');
    const liveUid = live.state === 'read' ? live.value.metadata.uid : undefined;
    return [...podsNamedAfter(intent.set.metadata.name, known(snapshot, 'pods') ?? []).values()]
      .filter((pod) => liveUid === undefined || !isControlledBy(pod, liveUid))
      .flatMap((pod) => {
        const hindrance = hindranceTo(pod, intent);
        return intent.adopt === true && hindrance === undefined ? [] : [draftOf(pod, intent, hindrance)];
      });
  },
};

/** Why the controller would not adopt this Pod, by its own rule (controller_ref_manager.go, ClaimObject). */
function hindranceTo(pod: Pod, { set }: Intent): string | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner !== undefined) return `${owner.kind} ${owner.name} controls it`;
  if (isTerminating(pod)) return 'it is terminating';
  return selects(set.spec.selector, pod.metadata.labels) ? undefined : "its labels do not match the set's selector";
}

function draftOf(pod: Pod, { set }: Intent, hindrance: string | undefined): Draft {
  const { name, ownerReferences, labels } = pod.metadata;
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  const keys = Object.keys(set.spec.selector.matchLabels ?? {});
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `${name} exists (${pod.status.phase ?? 'phase unknown'}), and ${hindrance === undefined ? 'a new set would take it over or remove it' : `${hindrance}, so no new set could take it over`}`,
    evidence: [
      seen(`pod/${name}`, 'metadata.uid', pod.metadata.uid),
      seen(`pod/${name}`, 'metadata.ownerReferences[controller]', owner && `${owner.kind}/${owner.name}`),
      ...keys.map((key) => seen(`pod/${name}`, `metadata.labels[${key}]`, labels?.[key])),
    ],
    remedies:
      hindrance === undefined
        ? [operationToRun('restore', set.metadata.name, { adopt: true }, 'take the running Pods over as they are')]
        : [kubectl('delete', ['pod', name], 'if nobody needs it')],
  };
}
