import type { Check } from './check.ts';
import { seen } from './draft.ts';
import { nodeFence, nodeIn } from './node-evidence.ts';

/** A forced deletion is the last resort: to fence the node does more, and sooner. */
export const fenceInstead: Check = {
  id: 'fence-instead',
  title: 'Fencing the node is safer than deleting one Pod by force',
  meaning:
    'A forced deletion removes the Pod object and nothing else: volumes stay attached to the node for up to six minutes, no other node can attach them in the meantime (Multi-Attach), the other Pods of the node stay where they are, and nothing keeps the node from running the old containers when it comes back. With node fence the control plane deletes all Pods of the node and detaches their volumes at once.',
  remedy: 'Run node fence. Delete one Pod by force only where you may not change nodes, or must leave the others alone.',
  source: 'KEP-2268; pkg/controller/volume/attachdetach/attach_detach_controller.go (ReconcilerMaxWaitForUnmountDuration, 6 minutes)',
  override: 'allow',
  needs: ['node'],
  run(snapshot, intent) {
    const node = nodeIn(snapshot);
    if (node === undefined) return [];
    const { name } = node.metadata;
    return [
      {
        grade: 'proven',
        subject: { kind: 'node', name },
        message: `this deletes one Pod and detaches nothing: an attached volume stays on node ${name} for up to six minutes`,
        evidence: [seen(`node/${name}`, 'spec.taints', (node.spec.taints ?? []).map(({ key }) => key).join(',') || '<none>')],
        remedies: [nodeFence(name, intent, 'deletes all Pods of the node and detaches their volumes')],
      },
    ];
  },
};
