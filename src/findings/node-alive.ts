import { signsOf } from '../domain/node-signs.ts';
import { nodeOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { evidenceOf, nodeCheck, nodeIn, SIGN_NEEDS } from './node-evidence.ts';

/** The control plane does not hear from the node, and something on it still answers: a partition, or only a dead kubelet. */
export const nodeAlive: Check = {
  id: 'node-alive',
  title: 'Something still runs on the node',
  meaning:
    'The kubelet renews its Lease or answers, or a Pod on the node answers. A node that is only cut off from the control plane keeps its containers running, and they keep writing. Taking its Pods and volumes away would start a second writer on the same data.',
  remedy: 'Repair the network, or restart the kubelet or the machine. To take the node out of service, power it off first.',
  source: 'piraeusdatastore/piraeus-operator#536; docs/design.md, semantics, section 4',
  override: 'never',
  needs: SIGN_NEEDS,
  run(snapshot) {
    const alive = signsOf(snapshot).filter(({ grade, id }) => grade === 'counter' && id !== 'ready');
    const name = nodeOf(snapshot.target) ?? '';
    if (nodeIn(snapshot) === undefined) return [];
    return alive.map((sign) => ({
      grade: 'proven',
      subject: { kind: 'node', name },
      message: `something still runs on node ${name}: ${sign.statement}`,
      evidence: evidenceOf(snapshot, [sign]),
      remedies: [nodeCheck(name)],
    }));
  },
};
