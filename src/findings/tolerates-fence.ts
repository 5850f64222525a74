import { isOfNodeAlone, toleratesFence as isTolerant, podsOnNode } from '../domain/node-pods.ts';
import type { Check } from './check.ts';
import { names, seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** Pods that tolerate the out-of-service taint: it does not take them off the node. */
export const toleratesFence: Check = {
  id: 'tolerates-fence',
  title: 'A Pod tolerates the out-of-service taint',
  meaning:
    'A Pod that tolerates every NoExecute taint is not evicted by the out-of-service taint, so it is neither deleted nor replaced, and its volumes stay attached.',
  remedy: 'Delete it: on a node that is out of service a Pod that is being deleted is removed by the Pod garbage collector.',
  source: 'pkg/controller/tainteviction; pkg/controller/podgc/gc_controller.go (gcTerminating)',
  override: 'allow',
  needs: ['node', 'nodePods'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    const found = podsOnNode(snapshot).filter(({ pod }) => isTolerant(pod) && !isOfNodeAlone(pod));
    if (node === undefined || found.length === 0) return [];
    const pods = found.map(({ pod }) => pod.metadata.name);
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `the fence does not delete Pods that tolerate it: ${names(pods)}`,
        evidence: pods.map((pod) => seen(`pod/${pod}`, 'spec.tolerations', 'tolerates node.kubernetes.io/out-of-service:NoExecute')),
        remedies: found.map(({ pod }) => ({
          do: 'kubectl',
          args: ['delete', 'pod', pod.metadata.name, '-n', pod.metadata.namespace ?? '', '--wait=false'],
          why: 'once the node is fenced',
        })),
      },
    ];
  },
};
