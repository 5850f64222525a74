import type { Transport } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import { ApiError } from '../domain/errors.ts';
import type { Node } from '../domain/kube.ts';
import { isNodeLost } from '../domain/lost-node.ts';
import { attestationOf, FENCE_LABEL } from '../domain/node-signs.ts';
import { collectionOf } from '../domain/object-ref.ts';
import { commandLine, type Place } from '../plan/commandline.ts';
import type { OpenItem } from './open-operations.ts';

/** Nodes that a fence, or a forced deletion, has left marked; none for a user who may not list nodes. Rejects with ApiError. */
export async function fencedNodes(transport: Transport, flags: Place['flags']): Promise<readonly OpenItem[]> {
  try {
    const { items } = await listAll(transport, {
      path: collectionOf('nodes', undefined),
      labelSelector: FENCE_LABEL,
      decode: (raw) => fencedNode(raw as Node, flags),
    });
    return items;
  } catch (error) {
    // A user of one namespace has no nodes, and nothing of theirs is on any.
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

function fencedNode(node: Node, flags: Place['flags']): OpenItem {
  const { name } = node.metadata;
  const attestation = attestationOf(node);
  const line = (operation: string): string => commandLine({ operation, name, options: {} }, { namespace: '', flags });
  const told =
    attestation === undefined
      ? {}
      : { startedBy: attestation.by, since: attestation.at, reason: `${attestation.attest}: ${attestation.evidence}` };
  const isBack = !isNodeLost(node);
  return {
    namespace: '',
    node: name,
    what: 'fenced-node',
    ...told,
    ...(isBack ? { cancelCommand: line('node unfence') } : { note: 'the node is not back; when it has booted, run node unfence' }),
  };
}
