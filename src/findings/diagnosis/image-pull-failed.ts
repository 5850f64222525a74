import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, containersOf, podsNotReady, type SeenContainer, wayBack } from './pods.ts';

const REASONS: readonly string[] = [
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
];

/** Signature 3, and 1 where the set is new: the kubelet cannot get the image. */
export const imagePullFailed: Diagnosis = {
  id: 'image-pull-failed',
  title: 'An image cannot be pulled',
  meaning:
    'The kubelet cannot get an image of the Pod: the name or the tag does not exist, the registry cannot be reached, or it does not accept the credentials. The Pod does not start until the image can be pulled. An OrderedReady controller waits for the Pod, also when the template is corrected.',
  remedy:
    'If a new revision has the wrong image, restore the previous revision with rollout abort. Otherwise correct the image in the Pod template, or the imagePullSecrets.',
  source: 'kubernetes.io: Images (ImagePullBackOff)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const failed = containersOf(pod).find(({ status }) => REASONS.includes(status.state?.waiting?.reason ?? ''));
      return failed === undefined ? [] : [{ ...draftOf(set, pod, failed), remedies: remediesFor(set, pod, wayBack(set, pod, snapshot)) }];
    }),
  ),
};

function draftOf(set: StatefulSet, pod: Pod, { status, field }: SeenContainer): Diagnosed {
  const { name } = pod.metadata;
  const { reason, message } = status.state?.waiting ?? {};
  const image = imageOf(set, pod, status.name) ?? 'unknown';
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `Pod ${name} cannot pull image ${image} of container ${status.name} (${reason})`,
    evidence: [
      seen(`pod/${name}`, `${field}.state.waiting.reason`, reason),
      ...(message === undefined ? [] : [seen(`pod/${name}`, `${field}.state.waiting.message`, brief(message, 300))]),
    ],
    remedies: [],
    pods: [name],
  };
}

function imageOf(set: StatefulSet, pod: Pod, container: string): string | undefined {
  const own = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(({ name }) => name === container)?.image;
  return own ?? set.spec.template.spec.containers.find(({ name }) => name === container)?.image;
}

function remediesFor(set: StatefulSet, pod: Pod, back: Diagnosed['remedies']): Diagnosed['remedies'] {
  const other = back.length > 0 ? back : [kubectl('edit', ['statefulset', set.metadata.name], 'correct the image in the Pod template')];
  return [...other, kubectl('describe', ['pod', pod.metadata.name], 'what the registry answered')];
}
