import type { Pod } from './kube.ts';

/**
 * The first Pod that runs another image than the first of these Pods does under the same name: a tag that was moved meanwhile. What
 * the nodes do not say yet does not count.
 */
export function differingImage(pods: readonly Pod[]): { readonly pod: Pod; readonly message: string } | undefined {
  const [first, ...others] = pods;
  if (first === undefined) return undefined;
  const known = new Map((first.status.containerStatuses ?? []).map((status) => [status.name, status]));
  for (const pod of others) {
    const other = (pod.status.containerStatuses ?? []).find(({ name, image, imageID }) => {
      const same = known.get(name);
      return isSaid(imageID) && isSaid(same?.imageID) && image === same?.image && imageID !== same?.imageID;
    });
    if (other === undefined) continue;
    const is = other.imageID ?? '';
    const was = known.get(other.name)?.imageID ?? '';
    return {
      pod,
      message: `${pod.metadata.name} runs ${is} as ${other.image ?? 'its image'}, and ${first.metadata.name} runs ${was}: the tag was moved`,
    };
  }
  return undefined;
}

const isSaid = (imageID: string | undefined): boolean => imageID !== undefined && imageID !== '';
