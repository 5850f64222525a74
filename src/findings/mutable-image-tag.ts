import type { Check } from './check.ts';
import { kubectl, names, seen, subjectOf } from './draft.ts';

/** The new Pod template names images by a tag that is meant to move: what the canary has shown need not hold for the next Pod. */
export const mutableImageTag: Check = {
  id: 'mutable-image-tag',
  title: 'An image is named by a tag that moves',
  meaning:
    'The new Pod template names an image without a tag, or by latest. Which image that is may change at any time: the second Pod may pull another one than the first, and a Pod that is restarted in a month runs an image that was never rolled out. The rollout stops where two updated Pods run different images under one name, but only while it runs.',
  remedy: 'Name the image by its digest, or by a tag that is never pushed again.',
  source: 'Kubernetes documentation, "Images" (imagePullPolicy, digests)',
  override: 'allow',
  needs: [],
  run(_, { set, rollsOut }) {
    const { containers = [], initContainers = [] } = rollsOut?.template.spec ?? {};
    const moving = [...initContainers, ...containers].filter(({ image }) => image !== undefined && isMoving(image));
    if (moving.length === 0) return [];
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `the new Pod template names ${names(moving.map(({ image = '' }) => image))}, which may be another image for the next Pod`,
        evidence: moving.map(({ name, image }) =>
          seen(`statefulset/${set.metadata.name}`, `spec.template.spec.containers[${name}].image`, image),
        ),
        remedies: [kubectl('get', ['pods', '-o', 'jsonpath={..imageID}'], 'shows the digests of what runs')],
      },
    ];
  },
};

/** `db`, `registry:5000/db`, `db:latest`; a digest settles it. */
export function isMoving(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}
