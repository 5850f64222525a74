import { describe, expect, it } from 'vitest';
import { clusterReader } from '../../../src/cluster/reader.ts';
import { WebSocketDialer } from '../../../src/cluster/websocket.ts';
import { apiVerbs } from '../../../src/cluster/writes.ts';
import { Written } from '../../../src/cluster/written.ts';
import type { Pod, StatefulSet } from '../../../src/domain/kube.ts';
import { sliceOf } from '../../../src/domain/snapshot.ts';
import { lookAt, statusFrom } from '../../../src/inspect/status/look.ts';
import type { SetStatus } from '../../../src/inspect/status/model.ts';
import type { OperatePorts } from '../../../src/operate/ports.ts';
import { runOperation } from '../../../src/operate/run.ts';
import type { Planned } from '../../../src/plan/plan.ts';
import { readStored } from '../../../src/record/index-secret.ts';
import { readSaved } from '../../../src/record/saved-sets.ts';
import { claimsFor, metaOf, NAMESPACE, nodeOf, pdbOf, podOf, podsOf, serviceOf, setOf, storageClassOf } from '../../support/objects.ts';
import { type Asked, failure, PagedServer } from '../../support/paged-server.ts';

/**
 * What a look costs follows the set, not the cluster (architecture, law 3): counted in requests and objects, since time
 * says it only on an idle machine (bench/measure/crowd.ts).
 */

const web = setOf();
const spread = setOf({
  template: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
  },
});
const target = { namespace: NAMESPACE, name: 'web' };

type Lists = ConstructorParameters<typeof PagedServer>[0];

/** A Pod of a Deployment. */
function stranger(name: string, over: Partial<Pod['metadata']> = {}, spec: Partial<Pod['spec']> = {}): Pod {
  const { metadata: _own, ...pod } = podOf(web, 0);
  const meta = metaOf('pod', name, { labels: { app: 'other' }, ...over });
  return { ...pod, metadata: meta, spec: { ...pod.spec, volumes: [], ...spec, nodeName: 'node-of-others' } };
}

const many = <T>(count: number, make: (n: number) => T): readonly T[] => Array.from({ length: count }, (_, n) => make(n));

function crowded(set: StatefulSet, over: Lists = {}): PagedServer {
  const event = (n: number, about: object): object => ({
    metadata: metaOf('event', `event-${n}`),
    reason: 'FailedCreate',
    involvedObject: about,
  });
  return new PagedServer({
    sets: [set],
    pods: [...many(2000, (n) => stranger(`app-${n}`)), ...podsOf(set)],
    nodes: [...many(2000, (n) => nodeOf(`crowd-${n}`)), ...many(3, (n) => nodeOf(`node-${n}`))],
    events: [...many(3000, (n) => event(n, { kind: 'Pod', name: `app-${n}` })), event(3000, { kind: 'StatefulSet', name: 'web' })],
    claims: claimsFor(set),
    services: [serviceOf('web')],
    storageClasses: [storageClassOf('fast')],
    ...over,
  });
}

function small(set: StatefulSet): PagedServer {
  return crowded(set, {
    pods: [...many(7, (n) => stranger(`app-${n}`)), ...podsOf(set)],
    nodes: many(3, (n) => nodeOf(`node-${n}`)),
    events: [],
  });
}

function readerOf(server: PagedServer): ReturnType<typeof clusterReader> {
  const connection = {
    transport: server,
    context: 'c',
    server: 's',
    namespace: NAMESPACE,
    user: 'u',
    authority: 'a',
    flags: [],
    clock: { now: () => server.serverNow(), sleep: () => Promise.reject(new Error('nobody waits')) },
    random: () => 0.5,
    written: new Written(),
    sockets: new WebSocketDialer({} as never),
  };
  return clusterReader(connection, { one: readStored, all: readSaved });
}

async function statusOn(server: PagedServer): Promise<SetStatus> {
  const subjects = { names: ['web'], namespace: NAMESPACE };
  const { snapshots, failures } = await lookAt(subjects, { reader: readerOf(server), openRecord: () => undefined });
  expect(failures).toEqual([]);
  return statusFrom(snapshots[0]!, () => undefined)!;
}

type Options = Readonly<Record<string, unknown>>;

/** What a dry run shows. */
async function planOn(server: PagedServer, operation: 'scale' | 'delete' | 'restore', options: Options): Promise<Planned> {
  const verbs = apiVerbs({ transport: server, written: new Written() }, { dryRun: true, onWarning: () => {} });
  const planned: Planned[] = [];
  const ports = {
    reader: readerOf(server),
    verbs,
    dryRunVerbs: verbs,
    liveness: () => 'elsewhere',
    show: (one: Planned) => planned.push(one),
  } as unknown as OperatePorts;
  await runOperation({ operation, target, options, dryRun: 'client', allow: [], takeOver: false }, ports);
  return planned.at(-1)!;
}

const about = (server: PagedServer, resource: string): readonly Asked[] =>
  server.asked.filter(({ path }) => new RegExp(`/${resource}(/|$)`).test(path));
const whole = (asked: readonly Asked[]): number => asked.reduce((sum, one) => sum + one.whole, 0);

/** Pages of whole Pods behind the first. */
const wholePages = (server: PagedServer): readonly Asked[] =>
  about(server, 'pods').filter(
    ({ query, metadataOnly }) => query?.['continue'] !== undefined && query['includeObject'] === undefined && metadataOnly === undefined,
  );

/** Nothing of the cluster but the first page of a list, names and metadata. */
function expectLittle(server: PagedServer): void {
  expect(whole(about(server, 'nodes')), 'nodes').toBeLessThanOrEqual(10 + 3);
  expect(about(server, 'nodes').filter(({ query }) => query?.['continue'] !== undefined)).toEqual([]);
  expect(whole(about(server, 'pods')), 'Pods').toBeLessThanOrEqual(100 + 4);
  expect(wholePages(server)).toEqual([]);
  expect(whole(about(server, 'events')), 'events').toBeLessThanOrEqual(1);
}

describe('status NAME', () => {
  it('takes one round trip in a small cluster, and a few more in a large one', async () => {
    const few = small(web);
    await statusOn(few);
    expect(few.trips).toBe(1);
    const crowd = crowded(web);
    await statusOn(crowd);
    // A first page, the names of the other Pods, the members, their nodes.
    expect(crowd.trips).toBe(4);
    expect(about(crowd, 'pods').reduce((sum, { metadata }) => sum + metadata, 0)).toBe(0);
  });

  it('reads neither all nodes, nor all Pods, nor all events, and says the same', async () => {
    const crowd = crowded(web);
    expect(await statusOn(crowd)).toEqual(await statusOn(small(web)));
    expectLittle(crowd);
  });

  it('finds a member whose node is lost, and one that the set has released, among them', async () => {
    const lost = nodeOf('node-1');
    const released = podOf(web, 7, { metadata: { ownerReferences: [], labels: {} } });
    const crowd = crowded(web, {
      pods: [...many(2000, (n) => stranger(`app-${n}`)), ...podsOf(web), released],
      nodes: [
        ...many(2000, (n) => nodeOf(`crowd-${n}`)),
        nodeOf('node-0'),
        { ...lost, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      ],
    });
    const { members, findings } = await statusOn(crowd);
    expect(members.map(({ name, role, pod }) => [name, role, pod?.nodeLost])).toEqual([
      ['web-0', 'member', undefined],
      ['web-1', 'member', true],
      // Its node has been deleted.
      ['web-2', 'member', undefined],
      ['web-7', 'foreign', undefined],
    ]);
    expect(findings.map(({ id }) => id)).toContain('released-pod');
    expectLittle(crowd);
  });

  it('says which node it may not look at; who may get the few needs no list', async () => {
    const blind = crowded(web);
    blind.fails = (request) => (request.path.startsWith('/api/v1/nodes') ? failure(403, request) : undefined);
    expect((await statusOn(blind)).unknown).toEqual([expect.stringMatching(/^cannot get nodes node-\d \(forbidden\)$/)]);
    const byName = crowded(web);
    byName.fails = (request) => (request.path === '/api/v1/nodes' ? failure(403, request) : undefined);
    expect((await statusOn(byName)).unknown).toEqual([]);
  });

  it('begins again where the pages have expired', async () => {
    const crowd = crowded(web);
    crowd.fails = (request) => (request.query?.['continue'] === undefined ? undefined : failure(410, request));
    expect(await statusOn(crowd)).toEqual(await statusOn(small(web)));
    expectLittle(crowd);
  });

  it('of a set that fills its namespace reads Pods once, whole', async () => {
    const large = setOf({ replicas: 450 });
    const crowd = crowded(large, { pods: podsOf(large), claims: [] });
    expect((await statusOn(crowd)).members).toHaveLength(450);
    expect(about(crowd, 'pods').map((asked) => asked.whole)).toEqual([100, 100, 100, 100, 50]);
  });
});

describe('a plan', () => {
  it.each([
    ['scale', { replicas: 2 }],
    ['scale', { replicas: 4 }],
    ['delete', {}],
  ] as const)('of %s %j reads neither nodes, nor all Pods, nor events', async (operation, options) => {
    const crowd = crowded(web);
    const planned = await planOn(crowd, operation, options);
    expect(planned.outcome).toBe('plan');
    expect(planned).toEqual(await planOn(small(web), operation, options));
    expectLittle(crowd);
    expect(about(crowd, 'nodes')).toEqual([]);
    expect(about(crowd, 'events')).toEqual([]);
  });

  it('of restore neither, and it finds the Pods that are in its way', async () => {
    const crowd = crowded(web, { sets: [] });
    await expect(planOn(crowd, 'restore', {})).rejects.toThrow('no archive');
    expectLittle(crowd);
    expect(about(crowd, 'nodes')).toEqual([]);
  });

  it('looks at nodes where anti-affinity takes one for each member', async () => {
    const crowd = crowded(spread);
    expect((await planOn(crowd, 'scale', { replicas: 5 })).outcome).toBe('plan');
    expect(about(crowd, 'nodes').length).toBeGreaterThan(0);
    const full = crowded(spread, { nodes: many(4, (n) => nodeOf(`node-${n}`)) });
    expect(await planOn(full, 'scale', { replicas: 5 })).toMatchObject({
      outcome: 'refused',
      findings: [{ id: 'anti-affinity-unsatisfiable', message: expect.stringContaining('1 of 4 nodes is free') }],
    });
    // Of the other Pods none matches.
    expect(wholePages(full)).toEqual([]);
    const taken = stranger('zz-other', { labels: { app: 'web' } });
    const shared = crowded(spread, {
      nodes: [...many(4, (n) => nodeOf(`node-${n}`)), nodeOf('node-of-others')],
      pods: [...many(300, (n) => stranger(`app-${n}`)), ...podsOf(spread), taken],
    });
    expect(await planOn(shared, 'scale', { replicas: 5 })).toMatchObject({
      findings: [{ id: 'anti-affinity-unsatisfiable', message: expect.stringContaining('1 of 5 nodes is free') }],
    });
  });

  it('looks at other Pods where they count for the same budget', async () => {
    const other = stranger('zz-reader', { labels: { app: 'web' }, ownerReferences: podOf(web, 0).metadata.ownerReferences ?? [] });
    const own = podsOf(web);
    const sick: Pod = { ...other, metadata: { ...other.metadata, ownerReferences: [] }, status: { phase: 'Pending' } };
    const pods = [...many(300, (n) => stranger(`app-${n}`)), ...own];
    const budget = { pdbs: [pdbOf('web', { minAvailable: 3 })] };
    const alone = crowded(web, { ...budget, pods });
    expect(await planOn(alone, 'scale', { replicas: 2 })).toMatchObject({
      findings: [{ message: expect.stringContaining('2 would remain') }],
    });
    expect(wholePages(alone)).toEqual([]);
    const well: Pod = { ...sick, status: podOf(web, 0).status };
    expect((await planOn(crowded(web, { ...budget, pods: [...pods, well] }), 'scale', { replicas: 2 })).outcome).toBe('plan');
    expect((await planOn(crowded(web, { ...budget, pods: [...pods, sick] }), 'scale', { replicas: 2 })).outcome).toBe('refused');
  });

  it('of delete --delete-claims knows what every Pod mounts, or is refused', async () => {
    const user = stranger('zz-backup', {}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data-web-1' } }] });
    const pods = [...many(300, (n) => stranger(`app-${n}`)), ...podsOf(web), user];
    const used = crowded(web, { pods });
    expect(await planOn(used, 'delete', { deleteClaims: true })).toMatchObject({
      outcome: 'refused',
      findings: expect.arrayContaining([expect.objectContaining({ id: 'claim-in-use', severity: 'blocks' })]),
    });
    const blind = crowded(web, { pods });
    blind.fails = (request) =>
      request.path.endsWith('/pods') && request.query?.['continue'] !== undefined && request.metadataOnly === undefined
        ? failure(500, request)
        : undefined;
    expect(await planOn(blind, 'delete', { deleteClaims: true })).toMatchObject({
      outcome: 'refused',
      findings: expect.arrayContaining([expect.objectContaining({ id: 'evidence-unknown', severity: 'blocks' })]),
    });
    expect((await planOn(crowded(web), 'delete', { deleteClaims: true })).outcome).toBe('plan');
  });
});

describe('a look at one slice of Pods', () => {
  it('does not take the others for empty', async () => {
    const crowd = crowded(web);
    const { slices } = await readerOf(crowd).read(['podMetadata', 'nodes', 'namespacePods', 'pods'], target);
    expect(slices.podMetadata).toMatchObject({ state: 'read', value: { length: 2003 } });
    expect(slices.namespacePods).toMatchObject({ state: 'read', value: { length: 2003 } });
    expect(slices.pods).toMatchObject({ state: 'read', value: { length: 3 } });
    expect(slices.nodes).toMatchObject({ state: 'read', value: { length: 3 } });
    expect(sliceOf(await readerOf(crowd).read(['set'], target), 'podMetadata').state).toBe('unknown');
  });
});
