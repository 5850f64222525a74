import { ApiError } from '../domain/errors.ts';
import type { KubeObject, OwnerReference } from '../domain/kube.ts';
import type { ApiVerbs } from '../domain/verbs.ts';

/** An archived owner that a new set must not be given, and why. */
export interface LostOwner {
  readonly owner: OwnerReference;
  readonly why: string;
}

/**
 * The garbage collector deletes a set whose owners are all absent, with its Pods, and an owner that was made anew has another
 * UID. So only an owner that is there, as archived, is given back.
 * @returns those that are not, or that may not be looked at
 */
export async function lostOwners(owners: readonly OwnerReference[], namespace: string, verbs: ApiVerbs): Promise<readonly LostOwner[]> {
  const looked = await Promise.all(owners.map(async (owner) => ({ owner, why: await whyLost(owner, namespace, verbs) })));
  return looked.flatMap(({ owner, why }) => (why === undefined ? [] : [{ owner, why }]));
}

async function whyLost(owner: OwnerReference, namespace: string, verbs: ApiVerbs): Promise<string | undefined> {
  try {
    const path = await pathOf(owner, namespace, verbs);
    if (path === undefined) return `${owner.kind} of ${owner.apiVersion} is not served`;
    const present = (await verbs.get(path)) as KubeObject | undefined;
    if (present === undefined) return 'it is gone';
    return present.metadata.uid === owner.uid ? undefined : 'another object has its name';
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return 'you may not look at it';
    throw error;
  }
}

/** Where the API server serves an object of that kind, by discovery. */
async function pathOf({ apiVersion, kind, name }: OwnerReference, namespace: string, verbs: ApiVerbs): Promise<string | undefined> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const served = (await verbs.get(group)) as unknown as ResourceList | undefined;
  const resource = served?.resources?.find((one) => one.kind === kind && !one.name.includes('/'));
  if (resource === undefined) return undefined;
  return `${group}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.name}/${name}`;
}

/** What discovery answers about one group and version, as far as it is used. */
interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}
