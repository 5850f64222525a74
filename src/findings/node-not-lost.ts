import { signsOf } from '../domain/node-signs.ts';
import type { Check } from './check.ts';
import { subjectOf } from './draft.ts';
import { evidenceOf, nodeCheck, nodeIn, SIGN_NEEDS } from './node-evidence.ts';

/** Its machine answers though its kubelet does not, or it has never reported: that is no lost node. */
export const nodeNotLost: Check = {
  id: 'node-not-lost',
  title: 'The evidence does not show a lost node',
  meaning:
    'The machine answers on the network and only the kubelet does not, or the node has never reported. With a dead kubelet the containers of the node keep running and writing.',
  remedy:
    'Restart the kubelet, or power the machine off first. Override it only if the address that answers belongs to another machine by now.',
  source: 'piraeusdatastore/piraeus-operator#536; docs/design.md, semantics, section 4',
  override: 'allow',
  needs: SIGN_NEEDS,
  run(snapshot) {
    const node = nodeIn(snapshot);
    const signs = signsOf(snapshot);
    const up = signs.filter(({ grade }) => grade === 'machine-up');
    const shown = up.length > 0 ? up : signs.filter(({ id, grade }) => id === 'ready' && grade === 'unknown');
    if (node === undefined || shown.length === 0) return [];
    const { name } = node.metadata;
    return [
      {
        grade: up.length > 0 ? 'likely' : 'unknown',
        subject: subjectOf('node', node),
        message: `node ${name} may not be lost: ${shown.map(({ statement }) => statement).join('; ')}`,
        evidence: evidenceOf(snapshot, shown),
        remedies: [nodeCheck(name)],
      },
    ];
  },
};
