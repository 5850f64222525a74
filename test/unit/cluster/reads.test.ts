import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { reviewAccess } from '../../../src/cluster/access.ts';
import type { ApiRequest, Connection } from '../../../src/cluster/api.ts';
import { connectionFailure } from '../../../src/cluster/connect-errors.ts';
import { ClusterIdentity } from '../../../src/cluster/identity.ts';
import { listAll } from '../../../src/cluster/list.ts';
import { readMany } from '../../../src/cluster/many.ts';
import { clusterReader } from '../../../src/cluster/reader.ts';
import { SliceReads } from '../../../src/cluster/reads.ts';
import { accessNeeds, LIST_SLICES, listSlice } from '../../../src/cluster/slices/table.ts';
import { WebSocketDialer } from '../../../src/cluster/websocket.ts';
import { apiVerbs } from '../../../src/cluster/writes.ts';
import { Written } from '../../../src/cluster/written.ts';
import type { KubeObject } from '../../../src/domain/kube.ts';
import type { SliceName } from '../../../src/domain/snapshot.ts';
import { apiError, FakeTransport, podNamed } from './fakes.ts';

const target = { namespace: 'prod', name: 'web' };
const notFound = () => apiError({ status: 404, reason: 'NotFound', sent: 'rejected', message: 'not found' });
const forbidden = () => apiError({ status: 403, reason: 'Forbidden', sent: 'rejected', message: 'not you' });

function connectionTo(answer: (request: ApiRequest) => unknown): Connection & { transport: FakeTransport } {
  return {
    transport: new FakeTransport(answer),
    context: 'c',
    server: 'https://s',
    namespace: 'prod',
    user: 'ann',
    authority: 'ca-hash',
    flags: [],
  };
}

function readsOf(answer: (request: ApiRequest) => unknown): { reads: SliceReads; transport: FakeTransport } {
  const connection = connectionTo(answer);
  return {
    reads: new SliceReads(connection, { one: () => Promise.resolve({ entries: [] }), all: () => Promise.resolve([]) }),
    transport: connection.transport,
  };
}

/** Answers by path; what is not listed is 404. */
function answers(table: Readonly<Record<string, unknown>>): (request: ApiRequest) => unknown {
  return ({ path }) => {
    const answer = path in table ? table[path] : notFound();
    return typeof answer === 'function' ? (answer as () => unknown)() : answer;
  };
}

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const PODS = '/api/v1/namespaces/prod/pods';
const SCALED = '/apis/keda.sh/v1alpha1/namespaces/prod/scaledobjects';

describe('one look at a node', () => {
  it('lists its Pods once for all that is asked of them', async () => {
    const { reads, transport } = readsOf(
      answers({ '/api/v1/pods': { metadata: {}, items: [{ ...podNamed('web-0', 'u', '5'), spec: { containers: [] } }] } }),
    );
    const slices = await reads.look(['nodePods', 'nodeSets', 'podAnswers'], { namespace: '', name: 'node-1', resource: 'nodes' });
    expect(slices).toMatchObject({ nodePods: { state: 'read' }, nodeSets: { state: 'read' }, podAnswers: { state: 'read' } });
    expect(transport.requests.map(({ path, query }) => [path, query?.['fieldSelector']])).toEqual([
      ['/api/v1/pods', 'spec.nodeName=node-1'],
    ]);
  });
});

describe('evidence', () => {
  it('is read where the server answers', async () => {
    const { reads } = readsOf(answers({ [SET]: podNamed('web', 'u', '5') }));
    expect(await reads.slice('set', target)).toMatchObject({ state: 'read', value: { metadata: { uid: 'u' } }, at: 1_000_000 });
  });

  it('is absent where a single object is not found', async () => {
    const { reads, transport } = readsOf(answers({}));
    expect(await reads.slice('set', target)).toMatchObject({ state: 'absent', why: 'not-found' });
    expect(transport.requests).toHaveLength(1);
  });

  it('is unknown where it is forbidden and served, with a sentence', async () => {
    const { reads } = readsOf(answers({ [PODS]: forbidden, '/api/v1': { resources: [{ name: 'pods' }] } }));
    expect(await reads.slice('pods', target)).toMatchObject({
      state: 'unknown',
      why: 'forbidden',
      message: 'cannot list pods in namespace prod (forbidden)',
    });
  });

  it('is absent where discovery says that the API is not served, whether by 404 or, to a restricted user, by 403', async () => {
    for (const answer of [notFound, forbidden]) {
      const { reads } = readsOf(answers({ [SCALED]: answer }));
      expect(await reads.slice('scaledObjects', target)).toMatchObject({ state: 'absent', why: 'not-served' });
    }
    const keda = { '/apis/keda.sh': { versions: [] } };
    const withoutIt = answers({ ...keda, [SCALED]: forbidden, '/apis/keda.sh/v1alpha1': { resources: [{ name: 'scaledjobs' }] } });
    expect(await readsOf(withoutIt).reads.slice('scaledObjects', target)).toMatchObject({ state: 'absent', why: 'not-served' });
  });

  it('is unknown where the API is served in another version, or discovery does not answer', async () => {
    const other = answers({ [SCALED]: notFound, '/apis/keda.sh': { versions: [] } });
    expect(await readsOf(other).reads.slice('scaledObjects', target)).toMatchObject({ state: 'unknown', why: 'server-error' });
    const keda = { '/apis/keda.sh': { versions: [] } };
    const silent = answers({ ...keda, [SCALED]: forbidden, '/apis/keda.sh/v1alpha1': () => apiError({ status: 503 }) });
    expect(await readsOf(silent).reads.slice('scaledObjects', target)).toMatchObject({ state: 'unknown', why: 'forbidden' });
  });

  it('is unknown where the server is silent or broken', async () => {
    const slow = answers({ [PODS]: () => apiError({ reason: 'ETIMEDOUT', message: 'no answer within 30s' }) });
    expect(await readsOf(slow).reads.slice('pods', target)).toMatchObject({
      why: 'timeout',
      message: 'cannot list pods in namespace prod: no answer within 30s',
    });
    const broken = answers({ [PODS]: () => apiError({ status: 500, message: 'etcd' }) });
    expect(await readsOf(broken).reads.slice('pods', target)).toMatchObject({ why: 'server-error' });
  });

  it('asks discovery once a group', async () => {
    const { reads, transport } = readsOf(
      answers({ [PODS]: forbidden, '/api/v1': { resources: [{ name: 'pods' }, { name: 'services' }] } }),
    );
    await Promise.all([reads.slice('pods', target), reads.slice('pods', target)]);
    await reads.slice('pods', target);
    expect(transport.requests.filter(({ path }) => path === '/api/v1')).toHaveLength(1);
  });

  it('of what is no part of Kubernetes takes one round trip where it is not there, and is asked about once', async () => {
    const { reads, transport } = readsOf(answers({}));
    const reading = reads.slice('scaledObjects', target);
    expect(transport.requests.map(({ path }) => path)).toEqual([SCALED, '/apis/keda.sh']);
    expect(await reading).toMatchObject({ state: 'absent', why: 'not-served' });
    await reads.slice('scaledObjects', target);
    expect(transport.requests.map(({ path }) => path)).toEqual([SCALED, '/apis/keda.sh', SCALED]);
  });

  it('is none where the whole connection fails', async () => {
    const dead = readsOf(() => apiError({ reason: 'ECONNREFUSED', sent: 'not-sent' })).reads;
    await expect(dead.slice('pods', target)).rejects.toThrow('cannot reach the API server https://s of context c: connection refused');
  });

  it('of volumes is that of the namespace, with those that no PVC has yet', async () => {
    const volume = (name: string, namespace?: string): unknown => ({
      metadata: { name, uid: name, resourceVersion: '1' },
      spec: namespace === undefined ? {} : { claimRef: { namespace, name: 'c', uid: 'u' } },
      status: {},
    });
    const { reads } = readsOf(
      answers({ '/api/v1/persistentvolumes': { metadata: {}, items: [volume('a', 'prod'), volume('b', 'dev'), volume('c')] } }),
    );
    const reading = await reads.slice('volumes', target);
    expect(reading.state === 'read' && reading.value.map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
  });
});

describe('a whole connection fails', () => {
  const place = { ...connectionTo(() => undefined) };
  it.each([
    [{ reason: 'ENOTFOUND', sent: 'not-sent' as const }, 'no such host'],
    [{ reason: 'ETIMEDOUT', sent: 'not-sent' as const }, 'the connection timed out'],
    [{ reason: 'ERR_TLS_CERT_ALTNAME_INVALID', sent: 'not-sent' as const }, 'its certificate is for another name'],
    [{ reason: 'SELF_SIGNED_CERT_IN_CHAIN', sent: 'not-sent' as const }, 'signed by an unknown authority'],
    [{ reason: 'CERT_HAS_EXPIRED', sent: 'not-sent' as const }, 'its certificate has expired'],
    [{ status: 401, reason: 'Unauthorized', sent: 'rejected' as const }, 'the credentials of "ann" have expired or are wrong'],
  ])('for %j', (fields, sentence) => {
    expect(connectionFailure(apiError(fields), place)?.message).toContain(sentence);
  });

  it('names the proxy on the way', () => {
    const refused = apiError({ reason: 'ECONNREFUSED', sent: 'not-sent' });
    expect(connectionFailure(refused, { ...place, proxy: 'proxy:3128' })?.message).toBe(
      'cannot reach the API server https://s of context c through proxy proxy:3128: connection refused',
    );
  });

  it('names the certificate that has expired', () => {
    const unauthorized = apiError({ status: 401, sent: 'rejected' });
    const late = new FakeTransport(() => undefined);
    late.serverNow = () => Date.parse('2100-01-01T00:00:00Z');
    const message = connectionFailure(unauthorized, { ...place, transport: late, certificate: rootCertificates[0] })?.message;
    expect(message).toMatch(/the client certificate of "ann" expired at \d{4}-\d\d-\d\dT/);
    expect(connectionFailure(unauthorized, { ...place, certificate: 'junk' })?.message).toContain('have expired or are wrong');
  });

  it('but not for an error about the request', () => {
    for (const fields of [{ status: 403 }, { status: 500 }, { reason: 'ECONNRESET' }, { reason: 'ETIMEDOUT' }])
      expect(connectionFailure(apiError(fields), place)).toBeUndefined();
    expect(connectionFailure(new TypeError('x'), place)).toBeUndefined();
  });
});

describe('listAll', () => {
  const decode = (raw: KubeObject) => raw.metadata.name;

  it('follows the pages', async () => {
    const pages = [
      { metadata: { resourceVersion: '7', continue: 'x' }, items: [podNamed('a', 'a', '1')] },
      { metadata: { resourceVersion: '7', continue: '' }, items: [podNamed('b', 'b', '2')] },
    ];
    const transport = new FakeTransport(() => pages.shift());
    expect(await listAll(transport, { path: PODS, decode })).toEqual({ items: ['a', 'b'], resourceVersion: '7' });
    expect(transport.requests.map(({ query }) => query)).toMatchObject([{ limit: '100', continue: undefined }, { continue: 'x' }]);
  });

  it('begins again in one piece when the pages have expired', async () => {
    const transport = new FakeTransport(({ query }) => {
      if (query?.['continue'] !== undefined) return apiError({ status: 410, reason: 'Expired', sent: 'rejected' });
      const first = query?.['limit'] !== undefined;
      return { metadata: { resourceVersion: first ? '7' : '9', ...(first ? { continue: 'x' } : {}) }, items: [podNamed('a', 'a', '1')] };
    });
    expect(await listAll(transport, { path: PODS, decode })).toEqual({ items: ['a'], resourceVersion: '9' });
  });

  it('takes a list without items, and leaves out what is not kept', async () => {
    expect(await listAll(new FakeTransport(() => ({ metadata: {}, items: null })), { path: PODS, decode })).toEqual({
      items: [],
      resourceVersion: '',
    });
    const transport = new FakeTransport(() => ({ metadata: {}, items: [podNamed('a', 'a', '1')] }));
    expect((await listAll(transport, { path: PODS, decode: () => undefined })).items).toEqual([]);
  });
});

describe('identity of a cluster', () => {
  const uid = (value: string): unknown => ({ metadata: { uid: value } });
  const identityOf = async (table: Readonly<Record<string, unknown>>): Promise<string> =>
    (await new ClusterIdentity(connectionTo(answers(table))).of(target)).identity;

  it('is the uid of kube-system, else authority with the uid of the namespace, or of the set', async () => {
    const system = '/api/v1/namespaces/kube-system';
    expect(await identityOf({ [system]: uid('k') })).toBe('k');
    expect(await identityOf({ [system]: forbidden, '/api/v1/namespaces/prod': uid('n') })).toBe('ca-hash/n');
    expect(await identityOf({ [system]: forbidden, '/api/v1/namespaces/prod': forbidden, [SET]: uid('s') })).toBe('ca-hash/s');
    expect(await identityOf({ [system]: forbidden, '/api/v1/namespaces/prod': forbidden, [SET]: forbidden })).toBe('ca-hash/prod');
  });

  it('is not guessed when the server is broken', async () => {
    await expect(identityOf({ '/api/v1/namespaces/kube-system': () => apiError({ status: 500, message: 'etcd' }) })).rejects.toThrow(
      'cannot tell which cluster this is: etcd',
    );
  });

  it('is asked once', async () => {
    const connection = connectionTo(answers({ '/api/v1/namespaces/kube-system': uid('k') }));
    const identity = new ClusterIdentity(connection);
    await Promise.all([identity.of(target), identity.of({ namespace: 'x', name: 'y' })]);
    expect(connection.transport.requests).toHaveLength(1);
  });
});

describe('many sets', () => {
  it('share lists that are read once, each with its own namespace', async () => {
    const object = (name: string, namespace: string): unknown => ({
      metadata: { name, namespace, uid: `${namespace}-${name}`, resourceVersion: '1' },
      spec: { containers: [] },
      status: {},
    });
    const list = (...items: unknown[]): unknown => ({ metadata: { resourceVersion: '1' }, items });
    const connection = connectionTo(
      answers({
        '/apis/apps/v1/statefulsets': list(object('web', 'prod'), object('db', 'dev')),
        '/api/v1/pods': list(object('web-0', 'prod'), object('web-1', 'prod'), object('db-0', 'dev')),
        '/api/v1/nodes': list(object('n1', '')),
      }),
    );
    const { snapshots, sets } = await readMany(
      ['set', 'pods', 'nodes', 'stored'],
      {},
      {
        further: () => [],
        reads: new SliceReads(connection, {
          one: (_verbs, { name }) =>
            Promise.resolve({ entries: [], index: { metadata: { name: `sts-safe.${name}`, uid: name, resourceVersion: '1' } } }),
          all: () => Promise.resolve([]),
        }),
        identity: () => Promise.resolve({ context: 'c', server: 's', identity: 'i', flags: [] }),
        now: () => 5,
      },
    );
    expect(sets).toMatchObject({ state: 'read', value: 2 });
    expect(snapshots.map(({ target: { name }, slices }) => [name, slices.pods, slices.nodes, slices.stored, slices.set])).toMatchObject([
      [
        'db',
        { value: [{ metadata: { name: 'db-0' } }] },
        { value: [{}] },
        { value: { index: { metadata: { uid: 'db' } } } },
        { value: { kind: 'StatefulSet' } },
      ],
      [
        'web',
        { value: [{}, {}] },
        { value: [{}] },
        { value: { index: { metadata: { uid: 'web' } } } },
        { value: { apiVersion: 'apps/v1' } },
      ],
    ]);
    expect(connection.transport.requests).toHaveLength(3);
  });

  it('are none where they cannot be listed, and it says so', async () => {
    const connection = connectionTo(
      answers({ '/apis/apps/v1/statefulsets': forbidden, '/apis/apps/v1': { resources: [{ name: 'statefulsets' }] } }),
    );
    const { snapshots, sets } = await readMany(
      ['pods'],
      {},
      {
        further: () => [],
        reads: new SliceReads(connection, { one: () => Promise.reject(new Error('unused')), all: () => Promise.resolve([]) }),
        identity: () => Promise.reject(new Error('unused')),
        now: () => 5,
      },
    );
    expect({ snapshots, sets }).toMatchObject({
      snapshots: [],
      sets: { state: 'unknown', message: 'cannot list statefulsets.apps in all namespaces (forbidden)' },
    });
  });
});

describe('verbs', () => {
  const verbsOn = (answer: (request: ApiRequest) => unknown, dryRun = false) => {
    const transport = new FakeTransport(answer);
    const warnings: string[] = [];
    const written = new Written();
    const heard: KubeObject[] = [];
    written.listen((object) => heard.push(object));
    return { verbs: apiVerbs({ transport, written }, { dryRun, onWarning: (text) => warnings.push(text) }), transport, heard };
  };

  it('guard and sign every write', async () => {
    const { verbs, transport, heard } = verbsOn(() => podNamed('a', 'u', '3'));
    await verbs.create('/x', { a: 1 });
    await verbs.jsonPatch('/x/a', [{ op: 'test', path: '/metadata/uid', value: 'u' }]);
    await verbs.delete('/x/a', { uid: 'u', resourceVersion: '3', propagationPolicy: 'Orphan' });
    const query = { fieldManager: 'kubectl-sts-safe', fieldValidation: 'Warn', dryRun: undefined };
    expect(transport.requests).toMatchObject([
      { method: 'POST', query, body: { a: 1 } },
      { method: 'PATCH', query, contentType: 'application/json-patch+json' },
      { method: 'DELETE', body: { kind: 'DeleteOptions', preconditions: { uid: 'u', resourceVersion: '3' }, propagationPolicy: 'Orphan' } },
    ]);
    expect(heard).toHaveLength(3);
  });

  it('store nothing on a dry run, and tell nobody', async () => {
    const { verbs, transport, heard } = verbsOn(() => podNamed('a', 'u', '3'), true);
    await verbs.create('/x', {});
    await verbs.delete('/x/a', { uid: 'u' });
    expect(transport.requests).toMatchObject([{ query: { dryRun: 'All' } }, { body: { dryRun: ['All'], preconditions: { uid: 'u' } } }]);
    expect(heard).toEqual([]);
  });

  it('get nothing for 404', async () => {
    expect(await verbsOn(notFound).verbs.get('/x')).toBeUndefined();
    await expect(verbsOn(forbidden).verbs.get('/x')).rejects.toThrow('not you');
  });
});

describe('access', () => {
  it('is reviewed for each need, in order, and an error is no denial', async () => {
    const transport = new FakeTransport(({ body }) => {
      const { verb } = (body as { spec: { resourceAttributes: { verb: string } } }).spec.resourceAttributes;
      if (verb === 'patch') return apiError({ status: 500, message: 'etcd' });
      if (verb === 'list') return { status: { allowed: false, evaluationError: 'webhook is down' } };
      return { status: { allowed: verb === 'get', reason: 'because' } };
    });
    const needs = ['get', 'delete', 'patch', 'list'].map((verb) => ({ verb, group: 'apps', resource: 'statefulsets', namespace: 'prod' }));
    expect((await reviewAccess(transport, needs)).map(({ need, verdict }) => [need.verb, verdict])).toEqual([
      ['get', 'allowed'],
      ['delete', 'denied'],
      ['patch', 'unknown'],
      ['list', 'unknown'],
    ]);
  });

  it('says what the server did not answer about, once a reason', async () => {
    const connection = connectionTo(({ body }) => {
      const { resource } = (body as { spec: { resourceAttributes: { resource: string } } }).spec.resourceAttributes;
      return resource === 'pods' ? apiError({ status: 500, message: 'etcd' }) : { status: { allowed: resource !== 'secrets' } };
    });
    const written = new Written();
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error('unused')) };
    const reader = clusterReader(
      { ...connection, clock, random: () => 0, written, sockets: new WebSocketDialer({} as never) },
      { one: () => Promise.resolve({ entries: [] }), all: () => Promise.resolve([]) },
    );
    const need = (verb: string, resource: string) => ({ verb, group: '', resource, namespace: 'prod' });
    const told: string[] = [];
    const needs = [need('get', 'pods'), need('create', 'secrets'), need('delete', 'pods'), need('get', 'events')];
    expect(await reader.denied(needs, (message) => told.push(message))).toEqual([needs[1]]);
    expect(told).toEqual(['cannot tell whether you may get pods and 1 more: etcd']);
  });

  it('is reviewed in one round trip, each question once', async () => {
    const transport = new FakeTransport(() => ({ status: { allowed: true } }));
    const needs = Array.from({ length: 30 }, (_, index) => ({ verb: 'get', group: '', resource: `r${index % 20}`, namespace: 'prod' }));
    const reviewing = reviewAccess(transport, needs);
    expect(transport.requests).toHaveLength(20);
    expect((await reviewing).map(({ need }) => need)).toEqual(needs);
  });

  it.each([...Object.keys(LIST_SLICES), 'set'] as SliceName[])('needed by slice %s is what reading it asks for', async (slice) => {
    const { reads, transport } = readsOf(() => ({ metadata: {}, items: [] }));
    await reads.slice(slice, target);
    const [need, ...more] = accessNeeds([slice], target, false);
    const { group, namespace, resource, name } = need ?? { group: '', resource: '' };
    const named = name === undefined ? '' : `/${name}`;
    const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
    expect(transport.requests[0]?.path).toMatch(
      new RegExp(`^${group === '' ? '/api' : `/apis/${group}`}/v[^/]+${within}/${resource}${named}$`),
    );
    expect(more).toEqual([]);
  });

  it('needed by watches is more', () => {
    expect(accessNeeds(['pods', 'set', 'stored'], target, true).map(({ verb, resource, name }) => [verb, resource, name])).toEqual([
      ['list', 'pods', undefined],
      ['watch', 'pods', undefined],
      ['get', 'statefulsets', 'web'],
      ['list', 'statefulsets', 'web'],
      ['watch', 'statefulsets', 'web'],
      ['get', 'secrets', 'sts-safe.web'],
    ]);
  });
});

describe('decoding', () => {
  it('drops what is heavy and keeps what is used', () => {
    const pod = listSlice('pods').decode({
      metadata: {
        name: 'web-0',
        uid: 'u',
        resourceVersion: '1',
        annotations: { mine: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
        managedFields: [{ manager: 'm', fieldsV1: {} }],
      },
      spec: {
        nodeName: 'n',
        tolerations: [
          { key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' },
          { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        ],
        containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: 'b', valueFrom: {} }], livenessProbe: {} }],
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null }], qosClass: 'Burstable' },
    } as unknown as KubeObject);
    expect(pod).toEqual({
      metadata: { name: 'web-0', uid: 'u', resourceVersion: '1', annotations: { mine: 'x' } },
      spec: {
        nodeName: 'n',
        containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: 'b' }] }],
        tolerations: [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    });
  });

  it('keeps who created a PVC', () => {
    const claim = listSlice('claims').decode({
      metadata: {
        name: 'c',
        uid: 'u',
        resourceVersion: '1',
        managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', fieldsV1: {} }],
      },
      spec: { volumeName: 'v', dataSource: {} },
      status: {},
    } as unknown as KubeObject);
    expect(claim.metadata.managedFields).toEqual([{ manager: 'kube-controller-manager', operation: 'Update' }]);
    expect(claim).toMatchObject({ spec: { volumeName: 'v' } });
  });
});
