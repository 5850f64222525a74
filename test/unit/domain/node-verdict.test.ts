import { describe, expect, it } from 'vitest';
import type { Node, Taint } from '../../../src/domain/kube.ts';
import { isStorm } from '../../../src/domain/lost-node.ts';
import { ATTESTATION_ANNOTATION, type NodeAnswer, SHUTDOWN_TAINT, signsOf } from '../../../src/domain/node-signs.ts';
import { MEANINGS, settledBy, verdictOf } from '../../../src/domain/node-verdict.ts';
import { read, unknown } from '../../../src/domain/reading.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { leaseOf, NOW, nodeNamed, silentNode } from '../../support/lost-node.ts';

/** What the signs of a node come to: one row per situation that people are in at night. */

const verdict = (snapshot: Snapshot) => verdictOf(signsOf(snapshot));
const answer = (heard: NodeAnswer['heard'], object = 'node/node-1'): NodeAnswer => ({ object, heard, words: heard });
const forbidden = unknown('forbidden', 'cannot read it (forbidden)', NOW);
const tainted = (...taints: Taint[]): Node => ({ ...nodeNamed('node-1', 'Unknown'), spec: { taints } });
const shutdown = tainted({ key: SHUTDOWN_TAINT, effect: 'NoSchedule' });

function attested(bootID: string, over: object = {}): Node {
  const node = nodeNamed('node-1', 'Unknown');
  const text = JSON.stringify({ attest: 'powered-off', evidence: 'BMC says off', by: 'ann', at: '2026-06-01T11:59:00Z', bootID, ...over });
  return { ...node, metadata: { ...node.metadata, annotations: { [ATTESTATION_ANNOTATION]: text } } };
}

describe('what the signs of a node come to', () => {
  it.each<[string, Snapshot, string]>([
    ['Ready and renewing', silentNode({ lease: read([leaseOf('node-1', 3)], NOW) }, nodeNamed('node-1', 'True')), 'alive'],
    ['silent in every respect: a partition looks the same', silentNode(), 'partition-possible'],
    ['not Ready, but it renews its Lease', silentNode({ lease: read([leaseOf('node-1', 39)], NOW) }), 'alive'],
    ['a Lease of exactly its duration is stale', silentNode({ lease: read([leaseOf('node-1', 40)], NOW) }), 'partition-possible'],
    ['its kubelet answers although it reports nothing: cut off', silentNode({ kubelet: read(answer('answer'), NOW) }), 'alive'],
    ['a Pod answers: only the kubelet is dead', silentNode({ podAnswers: read([answer('answer', 'pod/web-1')], NOW) }), 'alive'],
    ['the machine refuses the connection: it is up', silentNode({ kubelet: read(answer('refusal'), NOW) }), 'partition-possible'],
    [
      'a machine that is up outweighs an attestation',
      silentNode({ kubelet: read(answer('refusal'), NOW) }, attested('boot-1')),
      'partition-possible',
    ],
    ['the cloud provider reports it shut down', silentNode({}, shutdown), 'lost-likely'],
    ['shut down, they say, and it answers', silentNode({ kubelet: read(answer('answer'), NOW) }, shutdown), 'alive'],
    [
      'declared out of service by another client',
      silentNode({}, tainted({ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' })),
      'lost-likely',
    ],
    ['attested, this very boot', silentNode({}, attested('boot-1')), 'lost-proven'],
    ['attested of an earlier boot', silentNode({}, attested('boot-0')), 'partition-possible'],
    ['attested with a word that there is not', silentNode({}, attested('boot-1', { attest: 'probably' })), 'partition-possible'],
    ['no Node object, and Pods that are bound to it', silentNode({ node: read([], NOW), lease: read([], NOW) }), 'lost-likely'],
    ['node not readable', silentNode({ node: forbidden }), 'unknown'],
    ['Lease not readable', silentNode({ lease: forbidden }), 'unknown'],
    ['the kubelet may not be asked', silentNode({ kubelet: forbidden, podAnswers: forbidden }), 'partition-possible'],
    [
      'a Lease that nobody may read does not hide a Pod that answers',
      silentNode({ lease: forbidden, podAnswers: read([answer('answer', 'pod/web-1')], NOW) }),
      'alive',
    ],
    ['a node that has never reported', silentNode({}, { ...nodeNamed('node-1'), status: {} }), 'unknown'],
  ])('%s', (_, snapshot, expected) => {
    expect(verdict(snapshot)).toBe(expected);
  });

  it('has no counter-evidence that any other sign outweighs', () => {
    for (const grade of ['proof', 'strong', 'weak', 'machine-up', 'none', 'unknown'] as const) {
      const other = { id: 'node', grade, statement: '', source: '' } as const;
      expect(verdictOf([other, { ...other, id: 'pods', grade: 'counter' }])).toBe('alive');
    }
  });

  it('says what would settle it, with the name of the machine, where it is not settled', () => {
    expect(settledBy('alive', 'aws:///i-1')).toEqual([]);
    expect(settledBy('partition-possible', 'aws:///i-1')[0]).toContain('aws:///i-1');
    for (const each of Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]) expect(settledBy(each, undefined)).toEqual(expect.any(Array));
  });
});

it('takes ages from the server’s clock, and none from a clock that runs ahead', () => {
  const ages = (snapshot: Snapshot) => Object.fromEntries(signsOf(snapshot).map(({ id, sinceMs }) => [id, sinceMs]));
  expect(ages(silentNode())).toMatchObject({ ready: 90_000, lease: 95_000 });
  expect(ages(silentNode({ lease: read([leaseOf('node-1', -30)], NOW) }))).toMatchObject({ lease: 0 });
});

describe('a storm', () => {
  it.each([
    [1, 1, false],
    [1, 3, false],
    [2, 2, true],
    [2, 3, false],
    [3, 3, true],
    [3, 5, true],
    [3, 6, false],
    [5, 100, false],
  ])('%i of %i not Ready: %s', (notReady, all, expected) => {
    expect(isStorm({ notReady, all })).toBe(expected);
  });
});
