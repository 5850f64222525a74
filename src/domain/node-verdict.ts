import type { NodeSign } from './node-signs.ts';

/** Whether anything still runs on a node: what its signs come to. */
export type NodeVerdict = 'lost-proven' | 'lost-likely' | 'partition-possible' | 'alive' | 'unknown';

/** Signs without which nothing can be said. */
const REQUIRED: readonly NodeSign['id'][] = ['node', 'ready', 'lease'];

/**
 * What all signs come to. One that says that something runs there outweighs all others; where the machine answers, no taint and
 * no attestation makes it lost; and what is merely silent may be cut off and write on.
 */
export function verdictOf(signs: readonly NodeSign[]): NodeVerdict {
  const has = (grade: NodeSign['grade']): boolean => signs.some((sign) => sign.grade === grade);
  if (has('counter')) return 'alive';
  if (signs.some(({ id, grade }) => grade === 'unknown' && REQUIRED.includes(id))) return 'unknown';
  if (has('machine-up')) return 'partition-possible';
  if (has('proof')) return 'lost-proven';
  if (has('strong')) return 'lost-likely';
  return has('weak') ? 'partition-possible' : 'unknown';
}

/** What a verdict means for who has to act on it. */
export const MEANINGS: Readonly<Record<NodeVerdict, string>> = {
  'lost-proven': 'nothing runs on the node any more',
  'lost-likely': 'very likely nothing runs on the node any more, and nobody has confirmed it',
  'partition-possible': 'the node is silent: it may be off, or only cut off from the control plane while its containers run and write',
  alive: 'something still runs on the node',
  unknown: 'not enough could be read',
};

/** What would settle it, the surest first. */
export function settledBy(verdict: NodeVerdict, providerID: string | undefined): readonly string[] {
  const machine = providerID === undefined || providerID === '' ? 'the machine' : `the machine ${providerID}`;
  switch (verdict) {
    case 'alive':
    case 'lost-proven':
      return [];
    case 'unknown':
      return ['permission to read what could not be read, or an API server that answers'];
    case 'lost-likely':
    case 'partition-possible':
      return [
        `the power state of ${machine}, from its provider or its management controller: off, or destroyed`,
        'a storage fence: the node can no longer write to its volumes',
        'the node itself, once its network is repaired or it is restarted',
      ];
  }
}
