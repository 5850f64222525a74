import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import type { StatefulSet } from '../../src/domain/kube.ts';
import type { ArchiveEntry } from '../../src/domain/stored.ts';
import { blocking, documentOf, expectEnd, found, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { toldSteps } from '../support/events.ts';
import { assertNoClaimLost, census, nothingOfOursLeft, recordOf } from '../support/invariants.ts';
import { claimManifest, serviceManifest, setManifest } from '../support/manifests.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { killedAtStep } from '../support/stages.ts';
import { autoscale } from '../support/trouble.ts';

const gone = ['delete', 'web', '--confirm', 'web'];
const back = ['restore', 'web', '--yes'];

async function deleted(space: Space, replicas = 2): Promise<void> {
  await space.applySet({ replicas });
  await space.mark();
  expectEnd(await space.run(...gone), 0);
}

/** Every field that the server of this version keeps, with values that are nobody's default. */
const rich = {
  ...setManifest({ name: 'web', replicas: 2 }),
  metadata: {
    name: 'web',
    labels: { app: 'web', tier: 'data', 'app.kubernetes.io/version': '1.2' },
    annotations: { 'example.test/note': 'line one\nline "two" ✓', 'example.test/empty': '' },
  },
  spec: {
    serviceName: 'web',
    replicas: 2,
    minReadySeconds: 1,
    revisionHistoryLimit: 4,
    podManagementPolicy: 'Parallel',
    ordinals: { start: 3 },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
    selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['data'] }] },
    template: {
      metadata: { labels: { app: 'web', tier: 'data' }, annotations: { 'sandbox/stop-delay': '1s' } },
      spec: {
        terminationGracePeriodSeconds: 45,
        dnsPolicy: 'ClusterFirst',
        hostname: 'ignored',
        priority: 0,
        restartPolicy: 'Always',
        enableServiceLinks: false,
        shareProcessNamespace: true,
        setHostnameAsFQDN: false,
        securityContext: {
          runAsUser: 1000,
          fsGroup: 2000,
          fsGroupChangePolicy: 'OnRootMismatch',
          seccompProfile: { type: 'RuntimeDefault' },
        },
        dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
        hostAliases: [{ ip: '192.0.2.99', hostnames: ['peer'] }],
        tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoExecute', tolerationSeconds: 60 }],
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 5, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
            ],
          },
        },
        topologySpreadConstraints: [
          {
            maxSkew: 2,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        initContainers: [
          {
            name: 'init',
            image: 'app:1',
            command: ['sh', '-c', 'true'],
            env: [{ name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          },
          { name: 'sidecar', image: 'app:1', restartPolicy: 'Always' },
        ],
        containers: [
          {
            name: 'db',
            image: 'app:1',
            imagePullPolicy: 'IfNotPresent',
            args: ['--peers', '2'],
            env: [{ name: 'A', value: 'b' }],
            ports: [{ name: 'db', containerPort: 5432, protocol: 'TCP' }],
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '0.5Gi' } },
            readinessProbe: { exec: { command: ['true'] }, periodSeconds: 7, failureThreshold: 4 },
            livenessProbe: { tcpSocket: { port: 'db' }, initialDelaySeconds: 9 },
            startupProbe: { httpGet: { path: '/up', port: 8080, httpHeaders: [{ name: 'X', value: 'y' }] }, failureThreshold: 30 },
            lifecycle: { preStop: { exec: { command: ['drain'] } } },
            securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
            volumeMounts: [
              { name: 'data', mountPath: '/data' },
              { name: 'log', mountPath: '/log', subPath: 'x' },
              { name: 'tmp', mountPath: '/tmp' },
            ],
          },
        ],
        volumes: [
          { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
          { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    },
    volumeClaimTemplates: [
      { ...claimManifest('data'), metadata: { name: 'data', labels: { kind: 'data' }, annotations: { 'example.test/backup': 'daily' } } },
      claimManifest('log', 'sandbox-retain'),
    ],
  },
};

/** What is the set's own: all but what the server and its controllers give to each object anew. */
function own({ metadata, spec }: StatefulSet) {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { labels, annotations, finalizers, ownerReferences, spec };
}

const managers = ({ metadata }: StatefulSet) =>
  (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }));

describe.concurrent('restore', () => {
  test('tells the cluster of each finished step, as an Event about the new set', async ({ space }) => {
    await deleted(space);
    const { done } = resultOf(await space.run(...back, '--reason', 'ticket 12', '-o', 'json'), 0);
    const told = await toldSteps(space, 'StsSafeRestore');
    expect([...told.keys()].sort()).toEqual(done.toSorted());
    const { uid } = (await space.set()).metadata;
    for (const [step, { message, involvedObject }] of told) {
      expect(message).toMatch(/ \(ticket 12\)$/);
      expect(involvedObject).toMatchObject({ kind: 'StatefulSet', name: 'web', ...(step === 'take' ? {} : { uid }) });
    }
  });

  test('brings back every field that the server knows, whose it was, and leaves nothing of ours', async ({ space }) => {
    space.playedOnly();
    await space.api.create(space.path('services'), serviceManifest('web'));
    expectEnd(await space.kubectl(['apply', '--server-side', '--field-manager=git', '-f', '-'], JSON.stringify(rich)), 0);
    await space.ready();
    await space.mark();
    const before = await census(space);
    const original = await space.set();
    expectEnd(await space.run(...gone), 0);
    const result = resultOf(await space.run(...back, '-o', 'json'), 0);
    expect(result.verified).toContain('all 2 Pods are Ready: web-3, web-4');
    const restored = await space.ready();
    expect(own(restored)).toEqual(own(original));
    expect(managers(restored)).toEqual(managers(original));
    expect(restored.metadata.uid).not.toBe(original.metadata.uid);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);

    // Whose fields they are is told by what the server lets them do next.
    expectEnd(await space.kubectl(['apply', '--server-side', '--field-manager=git', '-f', '-'], JSON.stringify(rich)), 0);
    const changed = structuredClone(rich) as { spec: { replicas: number; template: { spec: { containers: { image: string }[] } } } };
    changed.spec.replicas = 3;
    for (const container of changed.spec.template.spec.containers) container.image = 'app:2';
    expectEnd(await space.kubectl(['apply', '--server-side', '--field-manager=git', '-f', '-'], JSON.stringify(changed)), 0);
  });

  test('by someone who applies on the client side, too', async ({ space }) => {
    space.playedOnly();
    await space.api.create(space.path('services'), serviceManifest('web'));
    const manifest = JSON.stringify(setManifest({ replicas: 1 }));
    expectEnd(await space.kubectl(['apply', '-f', '-'], manifest), 0);
    await space.ready();
    // kubectl says "configured" of a set with claim templates although nothing changes.
    const again = async () => [(await space.kubectl(['apply', '-f', '-'], manifest)).stdout, (await space.set()).metadata.annotations];
    const usual = await again();
    expectEnd(await space.run(...gone), 0);
    expectEnd(await space.run(...back), 0);
    const { generation } = (await space.set()).metadata;
    expect(await again()).toEqual(usual);
    expect((await space.set()).metadata.generation).toBe(generation);
  });

  test('keeps the revisions, so that no member restarts twice, and the history', async ({ space }) => {
    await deleted(space, 1);
    const revisions = (await space.revisions()).map(({ metadata }) => metadata.name);
    expectEnd(await space.run(...back), 0);
    expect((await space.revisions()).map(({ metadata }) => metadata.name)).toEqual(revisions);
    const { status } = await space.ready();
    expect(status.currentRevision).toBe(status.updateRevision);
  });

  test('brings the Service back that delete took', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const [before] = await space.services();
    expectEnd(await space.run(...gone, '--with-service'), 0);
    expectEnd(await space.run(...back), 0);
    const [after] = await space.services();
    const plain = ({ spec }: { spec: object }) => spec;
    expect(after && plain(after)).toEqual(before && plain(before));
    expect(after?.metadata.labels).toEqual(before?.metadata.labels);
  });

  test('of a set of 0, which stays parked', async ({ space }) => {
    await deleted(space, 0);
    expectEnd(await space.run(...back), 0);
    expect((await space.set()).spec.replicas).toBe(0);
  });

  test('lists archives, and takes the one that is named', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    expectEnd(await space.run(...gone), 0);
    // Without a name, what there is to bring back.
    const all = await space.run('restore', '--list');
    expectEnd(all, 0);
    expect(all.stdout).toMatch(/^web +deleted-set .*\n +restore +kubectl sts-safe restore web -n /m);
    expect((await space.run('restore')).stderr).toContain('a StatefulSet name is required');
    const { items, default: taken } = documentOf<{ default: string; items: ArchiveEntry[] }>(
      (await space.run('restore', 'web', '--list', '-o', 'json')).stdout,
      'ArchiveList',
    );
    expect(items.map(({ name, operation, replicas, setDeleted }) => ({ name, operation, replicas, setDeleted }))).toEqual([
      { name: 'sts-safe.web.1', operation: 'scale', replicas: 2, setDeleted: false },
      { name: 'sts-safe.web.2', operation: 'delete', replicas: 1, setDeleted: true },
    ]);
    const table = (await space.run('restore', 'web', '--list')).stdout;
    expect(table).toMatch(/^sts-safe\.web\.2 \(default\) +delete +1 +deleted/m);
    expect(table).toMatch(/^sts-safe\.web\.1 +scale +2 +kept/m);
    expect(planOf(await space.run('restore', 'web', '--dry-run', '-o', 'json')).archive).toBe(taken);
    const older = await space.run(...back, '--archive', 'sts-safe.web.1');
    expectEnd(older, 0);
    expect(older.stderr).toContain('is not the newest: the set was archived later, as sts-safe.web.2');
    expect((await space.ready()).spec.replicas).toBe(2);
  });

  test('says that the set lived on after the archive: restored from it before, and then deleted with kubectl', async ({ space }) => {
    await deleted(space, 2);
    const first = await space.run(...back);
    expectEnd(first, 0);
    expect(first.stderr).not.toContain('archive-outlived');
    await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Foreground' });
    await space.untilSetGone();
    const second = await space.run(...back);
    expectEnd(second, 0);
    expect(second.stderr).toContain('the set lived on after archive sts-safe.web.1');
  });

  test('gives back an owner that is there, and no other: the garbage collector would take the set with it', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const owner = { metadata: { name: 'owner' } };
    const { metadata } = await space.api.create(space.path('configmaps'), owner);
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid }];
    await space.patchSet({ metadata: { ownerReferences } });
    expectEnd(await space.run(...gone), 0);
    expect(resultOf(await space.run(...back, '-o', 'json'), 0).warnings).toBeUndefined();
    expect((await space.set()).metadata.ownerReferences).toEqual(ownerReferences);
    expectEnd(await space.run(...gone), 0);
    await space.api.delete(space.path('configmaps', 'owner'));
    await space.api.create(space.path('configmaps'), owner);
    const run = await space.run(...back);
    expectEnd(run, 0);
    expect(run.stdout).toMatch(/warning +StatefulSet web was owned by ConfigMap owner, which it is not any more: another object/);
    expect((await space.ready()).metadata.ownerReferences).toBeUndefined();
  });

  test('a dry run by the server tries what it would create, and says what admission would', async ({ space }) => {
    await deleted(space, 1);
    const dry = ['restore', 'web', '--dry-run=server'];
    const tried = await space.run(...dry);
    expectEnd(tried, 0);
    expect(tried.stdout).toMatch(/create StatefulSet: accepted by the server/);
    expect(tried.stdout).toMatch(/write the operation record: accepted by the server/);
    expect(tried.stdout).toMatch(/patch StatefulSet: not tried, it needs an earlier write/);
    expect(await space.findSet()).toBeUndefined();
    expect(await recordOf(space)).toBeUndefined();
    await space.api.create(space.path('resourcequotas'), {
      metadata: { name: 'none' },
      spec: { hard: { 'count/statefulsets.apps': '0' } },
    });
    await space.api.until(
      space.path('resourcequotas'),
      (quotas) => JSON.stringify(quotas.get('none') ?? {}).includes('"used":{'),
      'the quota counts',
    );
    const refused = await space.run(...dry);
    expect([refused.exitCode, refused.stdout + refused.stderr]).toEqual([3, expect.stringContaining('exceeded quota')]);
  });

  test('a dry run changes nothing', async ({ space }) => {
    await deleted(space, 1);
    const { steps } = planOf(await space.run('restore', 'web', '--dry-run', '-o', 'json'));
    expect(steps.map(({ id }) => id)).toContain('create-set');
    expectEnd(await space.run('restore', 'web', '--dry-run=server'), 0);
    expect(await space.findSet()).toBeUndefined();
    expect(await recordOf(space)).toBeUndefined();
  });

  test('warns of an HPA that would wake', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run(...gone), 0);
    await autoscale(space, { min: 2 });
    expect(found(planOf(await space.run('restore', 'web', '--dry-run', '-o', 'json')).findings)).toContain('warns autoscaler-would-wake');
  });
});

describe.concurrent('restore is refused', () => {
  test('while a set of that name is there', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--yes'), 0);
    expect(blocking(refusalOf(await space.run(...back, '-o', 'json')).findings)).toContain('set-present');
  });

  test('while Pods of that name live, whoever owns them, whatever is allowed', async ({ space }) => {
    await deleted(space);
    await space.api.create(space.path('pods'), {
      metadata: { name: 'web-1', labels: { by: 'hand' } },
      spec: { containers: [{ name: 'x', image: 'app:1' }] },
    });
    const refused = await space.run(...back, '-o', 'json', '--allow', 'live-members');
    expect(blocking(refusalOf(refused).findings)).toEqual(['live-members']);
    expect(refused.stderr).toContain('cannot be overridden');
    // Names that only begin alike are none of it.
    await space.api.delete(space.path('pods', 'web-1'));
    await space.untilPodGone('web-1');
    await space.api.create(space.path('pods'), { metadata: { name: 'web-x-1' }, spec: { containers: [{ name: 'x', image: 'app:1' }] } });
    expectEnd(await space.run(...back), 0);
  });

  test('when a PVC is missing, unless an empty one will do', async ({ space }) => {
    await deleted(space);
    await space.api.delete(space.path('persistentvolumeclaims', 'data-web-1'));
    await space.untilClaims((claims) => !claims.has('data-web-1'), 'it is gone');
    const refused = await space.run(...back, '-o', 'json');
    expect(blocking(refusalOf(refused).findings)).toEqual(['claim-missing']);
    expect(refused.stderr).toContain('data-web-1');
    expectEnd(await space.run(...back, '--allow', 'claim-missing'), 0);
    if (inSandbox) expect([...(await space.markers()).keys()]).toEqual(['data-web-0']);
  });

  test('when a PVC is another object of that name, unless its data will do', async ({ space }) => {
    await deleted(space);
    await space.api.delete(space.path('persistentvolumeclaims', 'data-web-1'));
    await space.untilClaims((claims) => !claims.has('data-web-1'), 'it is gone');
    await space.api.create(space.path('persistentvolumeclaims'), claimManifest('data-web-1'));
    expect(blocking(refusalOf(await space.run(...back, '-o', 'json')).findings)).toEqual(['claim-replaced']);
    expectEnd(await space.run(...back, '--allow', 'claim-replaced'), 0);
  });

  test('when a PVC is on its way out', async ({ space }) => {
    await deleted(space);
    const claim = space.path('persistentvolumeclaims', 'data-web-0');
    await space.api.patch(claim, { metadata: { finalizers: ['example.test/hold'] } });
    await space.api.delete(claim);
    const refused = await space.run(...back, '-o', 'json');
    await space.api.patch(claim, { metadata: { finalizers: null } });
    expect(blocking(refusalOf(refused).findings)).toEqual(['claim-terminating']);
  });

  // Elsewhere the disk behind it would be left for ever.
  test.skipIf(!inSandbox)('when a PVC has lost its volume, whatever is allowed', async ({ space }) => {
    await deleted(space, 1);
    const volume = (await space.claim('data-web-0')).spec.volumeName ?? '';
    await space.api.delete(`/api/v1/persistentvolumes/${volume}`);
    await space.api.patch(`/api/v1/persistentvolumes/${volume}`, { metadata: { finalizers: null } });
    await space.untilClaims((claims) => claims.get('data-web-0')?.status.phase === 'Lost', 'it is Lost');
    expect(blocking(refusalOf(await space.run(...back, '-o', 'json', '--allow', 'claim-lost')).findings)).toEqual(['claim-lost']);
  });

  test('when the archive was written by a newer release, or is damaged', async ({ space }) => {
    await deleted(space, 1);
    const secret = space.path('secrets', 'sts-safe.web.1');
    const zipped = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');
    for (const [archive, says] of [
      [zipped({ schema: 2 }), /newer/],
      [zipped({ some: 'thing' }), /damaged|not an archive/],
      [Buffer.from('not gzip').toString('base64'), /damaged|not gzipped/],
    ] as const) {
      await space.api.patch(secret, { data: { archive } });
      const refused = await space.run(...back, '-o', 'json');
      expect(refused.stderr).toMatch(says);
      expect(blocking(refusalOf(refused).findings)).toEqual(['archive-newer']);
    }
    expect(await space.findSet()).toBeUndefined();
  });

  test('when there is no archive: it says where it looked', async ({ space }) => {
    const { exitCode, stderr } = await space.run(...back);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`no archive of StatefulSet web in namespace ${space.namespace} of context ${space.cluster.context}`);
    await space.expectNoWrites();
    const named = await space.run(...back, '--archive', 'sts-safe.web.9');
    expect(named.exitCode).toBe(1);
  });
});

describe.concurrent('restore --adopt', () => {
  /** Running members whose set somebody took away, with an archive of it. */
  async function orphans(space: Space): Promise<StatefulSet> {
    await space.applySet({ replicas: 3, strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    await space.mark();
    await killedAtStep('protect', space, gone);
    expectEnd(await space.run('cancel', 'web', '--yes'), 0);
    const set = await space.ready();
    await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan' });
    await space.untilSetGone();
    await space.untilPods((pods) => [...pods.values()].every(({ metadata }) => metadata.ownerReferences === undefined), 'they are orphans');
    return set;
  }

  test('takes the running members over as they are', async ({ space }) => {
    const original = await orphans(space);
    const before = await census(space);
    const refused = await space.run(...back, '-o', 'json');
    expect(blocking(refusalOf(refused).findings)).toEqual(['live-members', 'live-members', 'live-members']);
    expect(refused.stderr).toContain('kubectl sts-safe restore web --adopt');
    expectEnd(await space.run(...back, '--adopt'), 0);
    const restored = await space.ready();
    const uids = (await space.pods()).map(({ metadata }) => [metadata.name, metadata.uid]);
    expect(uids).toEqual([...before.pods.values()].map(({ metadata }) => [metadata.name, metadata.uid]));
    expect(own(restored)).toEqual(own(original));
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('is refused for Pods that do not match', async ({ space }) => {
    await orphans(space);
    await space.labelPod('web-1', { app: 'other' });
    expect(blocking(refusalOf(await space.run(...back, '--adopt', '-o', 'json')).findings)).toContain('live-members');
  });

  test('is refused where one is missing in between', async ({ space }) => {
    await orphans(space);
    await space.api.delete(space.path('pods', 'web-0'));
    await space.untilPodGone('web-0');
    const { exitCode, stderr } = await space.run(...back, '--adopt');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('adopting would start or remove members')]);
  });
});
