import { isStorm, shareInZone, shareOf, zoneOf } from '../domain/lost-node.ts';
import type { Check } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** So many nodes are silent at once that the fault is more likely between them and the control plane. */
export const nodeStorm: Check = {
  id: 'node-storm',
  title: 'Many nodes are not Ready at once',
  meaning:
    'Nodes rarely fail together. When most nodes of a zone, or of the cluster, are silent, the network between them and the control plane is the likelier cause, and their containers keep running. The node controller slows down or stops its evictions for the same reason. Fencing node after node in such a moment takes down a service that still works.',
  remedy: 'Look at the network and the control plane first. Override it if the machines of this zone are confirmed to be off.',
  source: 'pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState, --unhealthy-zone-threshold)',
  override: 'allow',
  needs: ['node', 'clusterNodes'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    const nodes = known(snapshot, 'clusterNodes');
    if (node === undefined || nodes === undefined) return [];
    const zone = zoneOf(node);
    const [inZone, inAll] = [shareInZone(node, nodes), shareOf(nodes)];
    const share = isStorm(inAll) ? inAll : inZone;
    if (!isStorm(share)) return [];
    const where = share === inAll || zone === undefined ? 'nodes' : `nodes in zone ${zone}`;
    return [
      {
        grade: 'likely',
        subject: subjectOf('node', node),
        message: `${share.notReady} of ${share.all} ${where} are not Ready: so many at once are more likely cut off than lost`,
        evidence: [seen(`node/${node.metadata.name}`, 'nodes that are not Ready', `${share.notReady} of ${share.all}`)],
        remedies: [],
      },
    ];
  },
};
