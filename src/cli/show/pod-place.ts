import { getOrUndefined } from '../../cluster/writes.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Pod } from '../../domain/kube.ts';
import { setOf } from '../../domain/node-pods.ts';
import { pathOf, refTo } from '../../domain/object-ref.ts';
import type { ConnectionValues, Session } from '../session.ts';

/** Where a Pod belongs. */
export interface PodPlace {
  readonly set: string;
  /** Absent while it is bound to none. */
  readonly node?: string;
}

/**
 * The StatefulSet that controls a Pod, and its node. A Pod that is not there may be one that an interrupted operation has deleted:
 * its name says which StatefulSet creates it again.
 * @throws CannotError where there is no such Pod, RefusedError for one of another owner
 */
export async function placeOfPod(name: string, flags: ConnectionValues, { open }: Pick<Session, 'open'>): Promise<PodPlace> {
  const { connection } = await open(flags);
  const { transport, namespace, context, server } = connection;
  try {
    const pod = (await getOrUndefined(transport, pathOf(refTo('pods', namespace, name)))) as unknown as Pod | undefined;
    if (pod !== undefined) return placeOf(pod);
    const set = /^(.+)-\d+$/.exec(name)?.[1];
    if (set !== undefined && (await getOrUndefined(transport, pathOf(refTo('statefulsets', namespace, set)))) !== undefined) return { set };
    throw new CannotError(`Pod ${name} not found in namespace ${namespace} of context ${context} (${server})`);
  } finally {
    transport.close();
  }
}

function placeOf(pod: Pod): PodPlace {
  const { name, ownerReferences = [] } = pod.metadata;
  const set = setOf(pod);
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (set === undefined)
    throw new RefusedError(
      `Pod ${name} is not a Pod of a StatefulSet: ${owner === undefined ? 'nothing' : `${owner.kind} ${owner.name}`} controls it`,
      'this command is for Pods of StatefulSets; kubectl delete pod --force deletes others',
    );
  return { set, ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }) };
}
