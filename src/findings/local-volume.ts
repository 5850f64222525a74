import type { Check } from './check.ts';
import { names, seen, subjectOf } from './draft.ts';
import { nodeIn, removedFrom } from './node-evidence.ts';

/** A volume that can be used on this node alone: the replacement stays Pending until the node is back. */
export const localVolume: Check = {
  id: 'local-volume',
  title: 'A volume can be used on this node alone',
  meaning:
    'The PersistentVolume requires this node, as local volumes do. A replacement of its Pod cannot start on any other node: it stays Pending until the node is back. If the node never comes back, neither does the data.',
  remedy: 'Wait for the node, or replace the member with an empty volume once its data is known to be elsewhere.',
  source: 'PersistentVolume spec.nodeAffinity; pkg/scheduler/framework/plugins/volumebinding',
  override: 'allow',
  needs: ['node', 'nodePods', 'volumes'],
  run(snapshot, intent) {
    const node = nodeIn(snapshot);
    const found = removedFrom(snapshot, intent).flatMap(({ pod, volumes }) => volumes.filter(({ isLocal }) => isLocal).map(() => pod));
    if (node === undefined || found.length === 0) return [];
    const pods = [...new Set(found.map(({ metadata }) => metadata.name))];
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `replacements stay Pending until node ${node.metadata.name} is back, because their volumes can be used on it alone: ${names(pods)}`,
        evidence: pods.map((pod) => seen(`pod/${pod}`, 'volume', 'requires this node (spec.nodeAffinity)')),
        remedies: [],
      },
    ];
  },
};
