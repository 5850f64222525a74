import { isNodeLost } from '../domain/lost-node.ts';
import { readyOf } from '../domain/node-signs.ts';
import type { Check } from './check.ts';
import { seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** The node is Ready: its kubelet works, and deletes Pods by itself. */
export const nodeReady: Check = {
  id: 'node-ready',
  title: 'The node is Ready',
  meaning:
    'The kubelet of a Ready node deletes and starts Pods. A Pod that does not end there is stuck for another reason: a finalizer, a long grace period, a volume that cannot be unmounted. Taking the node out of service would detach volumes that are in use.',
  remedy: 'To empty a node that works, drain it. For a Pod that does not end, status says why.',
  source: 'pkg/controller/volume/attachdetach/reconciler/reconciler.go: with the taint, node health is not looked at',
  override: 'never',
  needs: ['node'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    if (node === undefined || readyOf(node) === undefined || isNodeLost(node)) return [];
    const { name } = node.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `node ${name} is Ready`,
        evidence: [seen(`node/${name}`, 'status.conditions[Ready]', readyOf(node)?.status)],
        remedies: [],
      },
    ];
  },
};
