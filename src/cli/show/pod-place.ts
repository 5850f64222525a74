import { listAll } from '../../cluster/list.ts';
import { getOrUndefined } from '../../cluster/writes.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { ordinalIn } from '../../domain/naming.ts';
import { setOf } from '../../domain/node-pods.ts';
import { collectionOf, pathOf, refTo } from '../../domain/object-ref.ts';
import { recordOnSet } from '../../record/codec.ts';
import type { Cluster, ConnectionValues, Session } from '../session.ts';

/** Where a Pod belongs. */
export interface PodPlace {
  readonly set: string;
  /** Absent while it is bound to none. */
  readonly node?: string;
}

/**
 * The StatefulSet that controls a Pod, and its node. A Pod that is not there may be one that an interrupted operation has deleted:
 * then its StatefulSet is the one that bears the record of that.
 * @throws CannotError where there is no such Pod, RefusedError for one of another owner
 */
export async function placeOfPod(name: string, flags: ConnectionValues, { open }: Pick<Session, 'open'>): Promise<PodPlace> {
  const cluster = await open(flags);
  const { transport, namespace, context, server } = cluster.connection;
  try {
    const pod = (await getOrUndefined(transport, pathOf(refTo('pods', namespace, name)))) as unknown as Pod | undefined;
    if (pod !== undefined) return placeOf(pod);
    const set = await recordedSet(name, cluster);
    if (set !== undefined) return { set };
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

async function recordedSet(pod: string, { connection: { transport, namespace } }: Cluster): Promise<string | undefined> {
  const { items } = await listAll(transport, {
    path: collectionOf('statefulsets', namespace),
    decode: (raw) => {
      const set = raw as StatefulSet;
      return ordinalIn(set.metadata.name, pod) === undefined || recordOnSet(set) === undefined ? undefined : set.metadata.name;
    },
  });
  return items[0];
}
