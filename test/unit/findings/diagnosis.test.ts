import { describe, expect, it } from 'vitest';
import { absent, unknown } from '../../../src/domain/reading.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { type Diagnosed, type Diagnosis, diagnose, takenBesides } from '../../../src/findings/diagnosis/diagnosis.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { commandLine } from '../../../src/plan/commandline.ts';
import { NOW, podsOf, setOf, snapshotOf, worldOf } from '../../support/objects.ts';
import { loadScenario, scenarioNames } from '../../support/scenario.ts';

const web = setOf();
const looks = scenarioNames().map((name) => [name, loadScenario(name).snapshot] as const);

describe.each(DIAGNOSES.filter(({ group }) => group !== 'practice').map((one) => [one.id, one] as const))('%s', (_id, diagnosis) => {
  it('has nothing to say of a perfect world, of nothing, and of what could not be read', () => {
    expect(diagnosis.run(worldOf(web))).toEqual([]);
    expect(diagnosis.run(snapshotOf({}))).toEqual([]);
    expect(diagnosis.run(worldOf(web, { set: absent('not-found', NOW), pods: [] }))).toEqual([]);
  });

  it('says no more for what it does not know', () => {
    for (const [name, snapshot] of looks) {
      const said = diagnosis.run(snapshot).map(({ subject }) => JSON.stringify(subject));
      for (const slice of diagnosis.needs) {
        const blind: Snapshot = { ...snapshot, slices: { ...snapshot.slices, [slice]: unknown('forbidden', `cannot list ${slice}`, NOW) } };
        for (const { subject } of diagnosis.run(blind)) expect(said, `${name} without ${slice}`).toContain(JSON.stringify(subject));
      }
    }
  });

  it('is told in one line, with evidence and commands that name objects', () => {
    for (const [, snapshot] of looks) diagnosis.run(snapshot).forEach(expectWellMade);
  });

  it('asks for nothing besides while all is well', () => {
    expect(takenBesides([diagnosis], worldOf(web))).toEqual([]);
  });
});

function expectWellMade({ message, evidence, remedies }: Diagnosed): void {
  expect(message).not.toMatch(/undefined|NaN|\n|\.$/);
  expect(evidence.length).toBeGreaterThan(0);
  for (const { object, value } of evidence)
    expect([object, value]).toEqual([expect.stringMatching(/^[a-z]+\/[^/]+$/), expect.not.stringMatching(/undefined/)]);
  for (const remedy of remedies) expect(commandLine(remedy, { namespace: 'prod', flags: [] })).not.toMatch(/undefined|NaN|<.*>/);
}

describe('good practice', () => {
  const practices = DIAGNOSES.filter(({ group }) => group === 'practice');
  const found = (look: Snapshot) => diagnose(practices, look).map(({ id }) => id);
  const good = setOf({
    template: {
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }],
      containers: [
        {
          name: 'main',
          image: 'registry.example/main:1',
          readinessProbe: {},
          resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
        },
      ],
    },
  });
  const labels = { app: 'web' };
  const service = (name: string, spec: object) => ({
    metadata: { name, namespace: 'prod', uid: `uid-${name}`, resourceVersion: '1' },
    spec,
  });
  const governing = service('web', { clusterIP: 'None', selector: labels, ports: [{ name: 'db', port: 5432 }] });
  const budget = service('web', { maxUnavailable: 1, selector: { matchLabels: labels } });
  const fast = {
    ...service('fast', {}),
    provisioner: 'csi.example.com',
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  };
  const world = (over: Parameters<typeof snapshotOf>[0] = {}) =>
    snapshotOf({
      set: good,
      sets: [good],
      services: [governing],
      pdbs: [{ ...budget, status: {} }],
      storageClasses: [fast],
      snapshotClasses: [{ ...service('snap', {}), driver: 'csi.example.com' }],
      ...over,
    });

  it('has nothing to say of a set that follows it, nor where nothing could be read', () => {
    expect(found(world())).toEqual([]);
    expect(found(snapshotOf({}))).toEqual([]);
  });

  it('says what a plain set lacks', () => {
    const plain = setOf({ template: { containers: [{ name: 'main', image: 'main' }] }, spec: { updateStrategy: { type: 'OnDelete' } } });
    expect(found(world({ set: plain, sets: [plain], services: [], pdbs: [], snapshotClasses: [] }))).toEqual([
      'service-missing',
      'readiness-probe-missing',
      'resources-missing',
      'spread-missing',
      'pdb-missing',
      'strategy-on-delete',
      'mutable-image-tag',
      'class-without-snapshots',
    ]);
  });

  it.each([
    [
      'one replica needs no budget and no spread',
      { set: setOf({ replicas: 1, template: good.spec.template.spec as never }), pdbs: [] },
      ['spread-missing'],
      false,
    ],
    [
      'a Service with an address',
      { services: [service('web', { clusterIP: '10.0.0.1', selector: labels, ports: [{ name: 'db', port: 1 }] })] },
      ['service-not-headless'],
      true,
    ],
    [
      'a selector of other labels',
      { services: [service('web', { clusterIP: 'None', selector: { app: 'db' }, ports: [{ name: 'db', port: 1 }] })] },
      ['service-selector-mismatch'],
      true,
    ],
    [
      'no selector, and no ports',
      { services: [service('web', { clusterIP: 'None' })] },
      ['service-without-selector', 'service-without-ports'],
      true,
    ],
    [
      'a port without a name',
      { services: [service('web', { clusterIP: 'None', selector: labels, ports: [{ port: 1 }] })] },
      ['service-port-unnamed'],
      true,
    ],
    [
      'a Service for clients that selects another set, too',
      {
        services: [governing, service('clients', { selector: { tier: 'db' } })],
        set: tiered('web'),
        sets: [tiered('web'), tiered('other')],
      },
      ['client-service-shared'],
      true,
    ],
    [
      'a class with the usual defaults',
      { storageClasses: [{ ...service('fast', {}), provisioner: 'csi.example.com' }] },
      ['class-binds-immediately', 'class-not-expandable', 'class-deletes-volumes'],
      true,
    ],
    [
      'a Pod that runs and is not Ready, behind a Service that does not publish it',
      { pods: podsOf(good, { 0: { ready: false } }) },
      ['unready-peers-hidden'],
      true,
    ],
    [
      'the same behind one that does',
      {
        pods: podsOf(good, { 0: { ready: false } }),
        services: [
          service('web', { clusterIP: 'None', publishNotReadyAddresses: true, selector: labels, ports: [{ name: 'db', port: 1 }] }),
        ],
      },
      [],
      true,
    ],
    ['a Pod that crashes: its peers are not why', { pods: podsOf(good, { 0: { waiting: 'CrashLoopBackOff' } }) }, [], true],
    [
      'a budget of other Pods',
      { pdbs: [{ ...service('db', { selector: { matchLabels: { app: 'db' } } }), status: {} }] },
      ['pdb-missing'],
      true,
    ],
  ] as const)('%s', (_what, over, ids, isFound) => {
    if (isFound) expect(found(world(over as never))).toEqual(ids);
    else for (const id of ids) expect(found(world(over as never))).not.toContain(id);
  });

  function tiered(name: string) {
    const { template } = good.spec;
    return setOf({
      name,
      spec: { serviceName: name === 'web' ? 'web' : 'o', template: { ...template, metadata: { labels: { app: name, tier: 'db' } } } },
    });
  }
});

describe('diagnose', () => {
  const saying = (id: string, pods: readonly string[], over: Partial<Diagnosis> = {}): Diagnosis => ({
    ...(DIAGNOSES[0] as Diagnosis),
    ...over,
    id,
    run: () =>
      pods.map((pod) => ({ grade: 'proven', subject: { kind: 'pod', name: pod }, message: id, evidence: [], remedies: [], pods: [pod] })),
  });
  const found = (...diagnoses: readonly Diagnosis[]) => diagnose(diagnoses, worldOf(web)).map(({ id, subject }) => `${id} ${subject.name}`);

  it('leaves out a symptom of a Pod that an earlier diagnosis explains', () => {
    const symptom = saying('symptom', ['web-1', 'web-2'], { isSymptom: true });
    expect(found(saying('cause', ['web-1']), symptom)).toEqual(['cause web-1', 'symptom web-2']);
    expect(found(symptom, saying('cause', ['web-1']))).toEqual(['symptom web-1', 'symptom web-2', 'cause web-1']);
  });

  it('keeps causes of the same Pod beside each other', () => {
    expect(found(saying('one', ['web-1']), saying('other', ['web-1']))).toEqual(['one web-1', 'other web-1']);
  });

  it('never offers a flag that goes past it', () => {
    const broken = worldOf(web, { pods: podsOf(web, { 0: { waiting: 'CrashLoopBackOff', restarts: 3 } }) });
    expect(diagnose(DIAGNOSES, broken).slice(0, 1)).toMatchObject([{ id: 'crash-loop', severity: 'blocks', override: 'never' }]);
  });
});
