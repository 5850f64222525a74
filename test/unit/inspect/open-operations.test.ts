import { describe, expect, it } from 'vitest';
import type { ApiRequest, ClusterReader } from '../../../src/cluster/api.ts';
import type { Node, StatefulSet } from '../../../src/domain/kube.ts';
import { ATTESTATION_ANNOTATION } from '../../../src/domain/node-signs.ts';
import { absent, read } from '../../../src/domain/reading.ts';
import type { Snapshot, Target } from '../../../src/domain/snapshot.ts';
import { type FoundRecord, RECORD_ANNOTATION, RECORD_LABEL } from '../../../src/domain/stored.ts';
import { openItems } from '../../../src/inspect/open-operations.ts';
import { openRecord } from '../../../src/operate/open-record.ts';
import type { LookPorts } from '../../../src/operate/ports.ts';
import { waysOut } from '../../../src/operate/ways-out.ts';
import { encodeRecord, HEARTBEAT_ANNOTATION } from '../../../src/record/codec.ts';
import { newIndex, readStored } from '../../../src/record/index-secret.ts';
import { NAMESPACE, NOW, recordOf, setOf, snapshotOf } from '../../support/objects.ts';
import { FakeTransport } from '../cluster/fakes.ts';

const NOBODY: Omit<LookPorts, 'reader' | 'verbs' | 'dryRunVerbs'> = {
  operator: { user: 'ann', host: 'here', pid: 1 },
  liveness: () => 'gone',
  consent: { prompted: false, ask: () => Promise.reject(new Error('asked')), takeOver: () => Promise.reject(new Error('asked')) },
  readFile: () => Promise.reject(new Error('no file')),
};

/** A namespace in which these sets live, and these records stand on index Secrets. */
async function openIn(sets: readonly StatefulSet[], records: Readonly<Record<string, string>> = {}, nodes: readonly Node[] = []) {
  const secrets = Object.entries(records).map(([name, record]) => {
    const index = newIndex({ namespace: NAMESPACE, name }, { entries: [], record });
    return { ...index, metadata: { ...(index['metadata'] as object), name: `sts-safe.${name}`, uid: name, resourceVersion: '1' } };
  });
  const byPath = new Map(secrets.map((secret) => [`/api/v1/namespaces/${NAMESPACE}/secrets/${secret.metadata.name}`, secret]));
  const get = (path: string) => Promise.resolve(byPath.get(path) as Record<string, unknown> | undefined);
  const snapshot = async (target: Target) => {
    const set = sets.find(({ metadata }) => metadata.name === target.name);
    const stored = await readStored({ get }, target);
    return snapshotOf({ set: set ?? absent('not-found', NOW), stored, pods: [], claims: [], hpas: [] }, { target });
  };
  const reader = {
    read: (_needs: unknown, target: Target) => snapshot(target),
    readMany: async () => ({
      snapshots: await Promise.all(sets.map(({ metadata }) => snapshot({ namespace: NAMESPACE, name: metadata.name }))),
      sets: read(sets.length, NOW),
    }),
    denied: () => Promise.resolve([]),
  } as unknown as ClusterReader;
  const verbs = { get } as LookPorts['verbs'];
  const ports = { ...NOBODY, reader, verbs, dryRunVerbs: verbs };
  const listed = (path: string, selector: string): readonly unknown[] => {
    if (path === '/api/v1/nodes') return nodes;
    if (path.endsWith('/statefulsets')) return sets.filter(({ metadata }) => metadata.labels?.[selector] !== undefined);
    return selector.endsWith('index') ? secrets : [];
  };
  const answer = ({ path, query }: ApiRequest) => ({
    metadata: {},
    items: listed(path, query?.['labelSelector'] ?? ''),
  });
  const listing = {
    reader,
    transport: new FakeTransport(answer),
    openRecord: (of: Snapshot) => openRecord(of)?.found,
    waysOut: (found: FoundRecord, of: Snapshot) => waysOut(found, of, ports),
  };
  return await openItems({ namespace: NAMESPACE, flags: [] }, listing);
}

const labels = { [RECORD_LABEL]: 'scale' };
const carrying = (raw: string, name = 'web') => setOf({ name, metadata: { labels, annotations: { [RECORD_ANNOTATION]: raw } } });
const valid = encodeRecord(recordOf());

const damaged = { namespace: NAMESPACE, set: 'web', what: 'damaged-record' };
const at = `-n ${NAMESPACE} --context test`;
const offSet = `kubectl annotate statefulset web ${RECORD_ANNOTATION}- ${at}`;
const offIndex = (name: string): string =>
  `kubectl patch secret sts-safe.${name} --type=json -p '[{"op":"remove","path":"/data/record"}]' ${at}`;

describe('a record that cannot be read', () => {
  it.each([
    ['is no JSON', '{"schema":1'],
    ['is of a newer version', JSON.stringify({ ...recordOf(), schema: 2 })],
    ['is of an operation that nobody knows', JSON.stringify({ ...recordOf(), kind: 'recreate' })],
    ['lacks its holder', JSON.stringify({ ...recordOf(), holder: undefined })],
    ['is empty', ''],
  ])('on a set: it %s, and is listed as what it is, with the command that takes it off', async (_why, raw) => {
    expect((await openIn([carrying(raw)])).items).toEqual([{ ...damaged, cancelCommand: offSet }]);
  });

  it('on the index of a set that is gone: the same', async () => {
    expect((await openIn([], { web: '[]' })).items).toEqual([{ ...damaged, cancelCommand: offIndex('web') }]);
  });

  it('hides no other: those that can be read are listed beside it, with their commands', async () => {
    const { items } = await openIn([carrying('x'), carrying(valid, 'db')], { log: '' });
    expect(items.map(({ set, what, cancelCommand }) => [set, what, cancelCommand])).toEqual([
      ['db', 'operation', `kubectl sts-safe cancel db ${at}`],
      ['log', 'damaged-record', offIndex('log')],
      ['web', 'damaged-record', offSet],
    ]);
  });

  it('on the set is what counts, whatever the index says: they are not of one operation', async () => {
    expect((await openIn([carrying('x')], { web: valid })).items.map(({ what }) => what)).toEqual(['damaged-record']);
  });

  it('is not one whose heartbeat alone cannot be read', async () => {
    const annotations = { [RECORD_ANNOTATION]: valid, [HEARTBEAT_ANNOTATION]: 'soon' };
    const { items } = await openIn([setOf({ metadata: { labels, annotations } })]);
    expect(items).toMatchObject([{ what: 'operation', heartbeat: new Date(recordOf().holder.since).toISOString() }]);
  });
});

describe('a node out of service', () => {
  const text = JSON.stringify({
    attest: 'powered-off',
    evidence: 'BMC',
    by: 'ann@here',
    at: '2026-06-01T11:00:00Z',
    bootID: 'b',
    pods: [],
  });
  const node = (ready: string): Node => ({
    metadata: { name: 'node-1', uid: 'n', resourceVersion: '1', annotations: { [ATTESTATION_ANNOTATION]: text } },
    spec: {},
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });

  it.each([
    ['True', { cancelCommand: 'kubectl sts-safe node unfence node-1' }],
    ['Unknown', { note: expect.stringContaining('when it has booted') }],
  ])('is listed by its label, with who attested what; Ready %s', async (ready, ways) => {
    expect((await openIn([], {}, [node(ready)])).items).toEqual([
      {
        namespace: '',
        node: 'node-1',
        what: 'fenced-node',
        startedBy: 'ann@here',
        since: '2026-06-01T11:00:00Z',
        reason: 'powered-off: BMC',
        ...ways,
      },
    ]);
  });
});
