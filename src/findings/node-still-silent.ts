import { isNodeLost } from '../domain/lost-node.ts';
import { readyOf } from '../domain/node-signs.ts';
import type { Check } from './check.ts';
import { seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** A fence is removed while its node has not come back. */
export const nodeStillSilent: Check = {
  id: 'node-still-silent',
  title: 'The fenced node is not back',
  meaning:
    'The node is still not Ready. Without the fence, Pods that the scheduler or a controller binds to it stay there again, and volumes are detached only after six minutes.',
  remedy: 'Leave the fence until the node has booted and is Ready. A node that is gone for good is deleted instead.',
  source: 'KEP-2268: the taint is removed by hand once the node has recovered',
  override: 'allow',
  needs: ['node'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    if (node === undefined || !isNodeLost(node)) return [];
    const { name } = node.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `node ${name} is not Ready`,
        evidence: [seen(`node/${name}`, 'status.conditions[Ready]', readyOf(node)?.status)],
        remedies: [],
      },
    ];
  },
};
