import { FENCE_VALUE, outOfServiceOf } from '../domain/node-signs.ts';
import type { Check } from './check.ts';
import { seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** Another client has declared the node out of service, and will take that back itself. */
export const foreignFence: Check = {
  id: 'foreign-fence',
  title: 'Another client has already taken the node out of service',
  meaning:
    'The node bears the out-of-service taint with a value that sts-safe did not set. Its Pods are deleted and its volumes detached because of it already. The person or remediation operator that set it also decides when the node may come back.',
  remedy: 'Wait for it, or ask who set it. What ends it is kubectl taint node NAME node.kubernetes.io/out-of-service- by hand.',
  source: 'KEP-2268 (non-graceful node shutdown)',
  override: 'never',
  needs: ['node'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    const [taint] = node === undefined ? [] : outOfServiceOf(node).filter(({ value }) => value !== FENCE_VALUE);
    if (node === undefined || taint === undefined) return [];
    const { name } = node.metadata;
    const value = taint.value ?? '<none>';
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `node ${name} already has the out-of-service taint, set by another client (value ${value})`,
        evidence: [seen(`node/${name}`, 'spec.taints', `${taint.key}=${value}:${taint.effect}`)],
        remedies: [],
      },
    ];
  },
};
