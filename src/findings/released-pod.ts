import type { Pod } from '../domain/kube.ts';
import { releasedPods } from '../domain/members.ts';
import { ordinalIn } from '../domain/naming.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { known, kubectl, seen, subjectOf } from './draft.ts';

/**
 * A Pod bears a member's name and the set does not control it: its labels were changed, or it was never a member. It
 * survives the set (#55559), keeps the member's volume, and the controller cannot create the member while it is there.
 */
export const releasedPod: Check<OfSet> = {
  id: 'released-pod',
  title: 'A Pod bears a member’s name but is not a member',
  meaning:
    'Its labels were changed, or another owner made it. The set’s controller neither counts nor removes it, cannot create the member of that name while it is there, and the Pod survives the set, on the member’s volume: after a restore two would PVC it.',
  remedy: 'Put its labels back, so that the controller adopts it again, or delete the Pod when nobody needs it.',
  source: 'pkg/controller/controller_ref_manager.go (ClaimPods); #55559',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    return releasedPods(set, known(snapshot, 'pods') ?? [])
      .filter((pod) => concerns(intent, ordinalIn(set.metadata.name, pod.metadata.name)))
      .map((pod) => draftOf(pod, intent));
  },
};

/** A deletion leaves every one behind, scaling meets only those in its range, and a set as it is has all of them. */
function concerns({ deletesSet, staying = [], leaving, arriving = [] }: OfSet, ordinal: number | undefined): boolean {
  return deletesSet === true || leaving === undefined || (ordinal !== undefined && [...staying, ...leaving, ...arriving].includes(ordinal));
}

function draftOf(pod: Pod, { set, operation }: OfSet): Draft {
  const { name } = pod.metadata;
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const wrong = Object.entries(set.spec.selector.matchLabels ?? {}).filter(([key, value]) => pod.metadata.labels?.[key] !== value);
  const consequence =
    operation === undefined
      ? 'the controller cannot create the member of that name while it is there'
      : "it would stay behind, on the member's volume";
  const owned = owner === undefined ? 'nothing controls it' : `${owner.kind} ${owner.name} does`;
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `${name} bears a member's name but ${set.metadata.name} does not control it (${owned}): ${consequence}`,
    evidence: [
      seen(`pod/${name}`, 'metadata.ownerReferences[controller]', owner && `${owner.kind}/${owner.name}`),
      ...wrong.map(([key]) => seen(`pod/${name}`, `metadata.labels[${key}]`, pod.metadata.labels?.[key])),
    ],
    remedies: [
      ...(wrong.length > 0 && owner === undefined
        ? [
            kubectl(
              'label',
              ['pod', name, '--overwrite', ...wrong.map(([key, value]) => `${key}=${value}`)],
              'give it back: the controller adopts it',
            ),
          ]
        : []),
      kubectl('delete', ['pod', name], 'or remove it, if nobody needs it'),
    ],
  };
}
