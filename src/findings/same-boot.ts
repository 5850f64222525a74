import { attestationOf } from '../domain/node-signs.ts';
import type { Check } from './check.ts';
import { seen, subjectOf } from './draft.ts';
import { nodeIn } from './node-evidence.ts';

/** The node was declared off and is back without having booted: what ran on it may have run all the time. */
export const sameBoot: Check = {
  id: 'same-boot',
  title: 'The node has not booted since it was fenced',
  meaning:
    'Someone confirmed that the machine was off, and its boot ID is the one from before. So it was not off: it was cut off, and the containers of Pods that were deleted in the meantime may have run, and written, beside their replacements.',
  remedy: 'Check on the node which containers run and which volumes are mounted, then boot it. Compare the data of the replaced Pods.',
  source: 'Node status.nodeInfo.bootID',
  override: 'allow',
  needs: ['node'],
  run(snapshot) {
    const node = nodeIn(snapshot);
    const attestation = node === undefined ? undefined : attestationOf(node);
    const bootID = node?.status.nodeInfo?.bootID;
    if (node === undefined || attestation === undefined || attestation.attest === 'storage-fenced') return [];
    if (bootID === undefined || attestation.bootID !== bootID) return [];
    const { name } = node.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `node ${name} is of the same boot as when ${attestation.by} attested that it was ${attestation.attest}: it was never off`,
        evidence: [seen(`node/${name}`, 'status.nodeInfo.bootID', bootID)],
        remedies: [],
      },
    ];
  },
};
