import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absent, unknown } from '../../../src/domain/reading.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { diagnose } from '../../../src/findings/diagnosis/diagnosis.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { type SetStatus, statusOf } from '../../../src/inspect/status/model.ts';
import { renderStatusTable } from '../../../src/render/status/line.ts';
import { renderStatusTree } from '../../../src/render/status/tree.ts';
import { styleFor, type View } from '../../../src/render/style.ts';
import { evil, poisoned, RAW, withoutOurs } from '../../support/evil-text.ts';
import { ago, claimsFor, MINUTE, NOW, nodeOf, podOf, podsOf, setOf, snapshotOf } from '../../support/objects.ts';
import { cluster, graceFinding } from '../../support/render-samples.ts';
import { loadScenario, scenarioNames } from '../../support/scenario.ts';

const view = (over: Partial<View> = {}): View => ({ style: styleFor(false), width: 80, wide: false, ...over });

function status(snapshot: Snapshot): SetStatus {
  const found = statusOf(snapshot, undefined, []);
  if (found === undefined) throw new Error('nothing to judge');
  return found;
}

/** `web` with so many members, one of them as `over` says. */
function large(replicas: number, over: Parameters<typeof podsOf>[1] = {}): Snapshot {
  const set = setOf({ replicas });
  return snapshotOf({ set, pods: podsOf(set, over), claims: claimsFor(set), sets: [set] });
}

describe('line', () => {
  const statuses = [status(large(3)), status(large(2, { 1: { waiting: 'CrashLoopBackOff' } }))];
  test('-A has the namespace, -o wide more columns and the whole reason', () => {
    expect(renderStatusTable(statuses, { namespaces: true, headers: true, flags: [] }, view({ wide: true }))).toMatchInlineSnapshot(`
      "NAMESPACE   NAME   HEALTH     READY   UPDATED   PARTITION   AGE   STRATEGY        POLICY         SERVICE   REASON                                                          NEXT
      prod        web    Healthy    3/3     3         0           30d   RollingUpdate   OrderedReady   web       3 members available                                             <none>
      prod        web    Degraded   1/2     2         0           30d   RollingUpdate   OrderedReady   web       web-1 is not Ready (0/1 containers, CrashLoopBackOff, for 1h)   <none>"
    `);
  });
  test('-o wide has the command to type next of each that is not well, as doctor prints it', () => {
    const ill = large(2, { 1: { waiting: 'CrashLoopBackOff' } });
    const found = { ...status(ill), findings: diagnose(DIAGNOSES, ill) };
    const [well, next] = renderStatusTable(
      [status(large(3)), found],
      { namespaces: true, headers: false, flags: ['--context', 'eu'] },
      view({ wide: true }),
    ).split('\n');
    expect(well).toMatch(/ {3}<none>$/);
    expect(next).toMatch(/ {3}kubectl logs web-1 -c main --tail=50 --previous -n prod --context eu$/);
  });
  test('names that leave no room for it push out a partition that nobody has', () => {
    const named = statuses.map((one) => ({ ...one, name: `orders-event-store-eu-west-${one.name}`, namespace: 'team-orders' }));
    const text = renderStatusTable(named, { namespaces: true, headers: true, flags: [] }, view());
    expect(text).not.toContain('PARTITION');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(renderStatusTable(named, { namespaces: true, headers: true, flags: [] }, view({ width: 100 }))).toContain('PARTITION');
  });

  test('--no-headers', () => {
    expect(renderStatusTable(statuses, { namespaces: false, headers: false, flags: [] }, view())).not.toContain('VERDICT');
  });
  test('a pipe gets the whole reason', () => {
    expect(
      renderStatusTable(statuses, { namespaces: false, headers: false, flags: [] }, view({ width: Number.POSITIVE_INFINITY })),
    ).not.toContain('…');
  });
});

describe('tree', () => {
  test('a thousand members fit a screen, and the broken one is there', () => {
    const snapshot = large(1000, { 500: { waiting: 'CrashLoopBackOff', restarts: 7 } });
    const started = performance.now();
    const text = renderStatusTree(status(snapshot), cluster, view());
    expect(performance.now() - started).toBeLessThan(5000);
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text).toMatch(/✖ web-500 +0\/1 +CrashLoopBackOff/);
    expect(text).toContain('… 495 more');
    expect(text).toContain('… 494 more');
  });

  test('a member of a long name keeps its line on a narrow terminal: what says nothing of anybody is left out', () => {
    const set = setOf({ name: 'orders-event-store-eu-west-central', replicas: 2 });
    const target = { namespace: 'prod', name: set.metadata.name };
    const see = (over: Parameters<typeof podsOf>[1]) =>
      renderStatusTree(status(snapshotOf({ set, pods: podsOf(set, over), sets: [set] }, { target })), cluster, view()).split('\n');
    const calm = see({});
    expect(calm.find((line) => line.startsWith('POD'))).toMatch(/^POD +READY +STATUS +NODE +AGE$/);
    expect(Math.max(...calm.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(see({ 1: { restarts: 7 } }).find((line) => line.startsWith('POD'))).toContain('RESTARTS');
  });

  test('-o wide shows every member', () => {
    expect(renderStatusTree(status(large(40)), cluster, view({ wide: true }))).not.toContain('more');
  });

  test('findings come last, with the commands that help', () => {
    const text = renderStatusTree({ ...status(large(1)), findings: [graceFinding] }, cluster, view());
    expect(text.split('\n\n').at(-1)).toMatch(/^warning +short-grace/);
  });

  test('what could not be read is said', () => {
    const set = setOf();
    const nodes = unknown('forbidden', 'cannot list nodes (forbidden)', NOW);
    const text = renderStatusTree(status(snapshotOf({ set, pods: podsOf(set), nodes })), cluster, view());
    expect(text).toContain('not known: cannot list nodes (forbidden)');
  });

  test('colours say what needs a person', () => {
    const text = renderStatusTree(status(large(2, { 1: { waiting: 'CrashLoopBackOff' } })), cluster, view({ style: styleFor(true) }));
    expect(text).toContain('\u001b[31mDegraded\u001b[39m');
    expect(text).toContain('\u001b[32m●\u001b[39m web-0');
    expect(text).toContain('\u001b[31m✖\u001b[39m web-1');
  });
});

describe('model', () => {
  test('counts come from Pods, not from status counters', () => {
    const set = setOf({ status: { readyReplicas: 3, updatedReplicas: 3 } });
    const pods = podsOf(set, { 0: { ready: false }, 1: { revision: 'web-0' }, 2: { terminatingFor: 1 } });
    expect(status(snapshotOf({ set, pods })).set).toMatchObject({ replicas: 3, ready: 1, available: 1, updated: 2 });
  });

  test('condemned Pods count for nothing', () => {
    const set = setOf({ replicas: 1 });
    const found = status(snapshotOf({ set, pods: podsOf(setOf()) }));
    expect(found.set).toMatchObject({ ready: 1, updated: 1 });
    expect(found.members.map(({ role }) => role)).toEqual(['member', 'condemned', 'condemned']);
  });

  test('an endpoint belongs to the very Pod, not to one of its name', () => {
    const set = setOf({ replicas: 1 });
    const endpoint = (uid: string, address: string) => ({ addresses: [address], targetRef: { kind: 'Pod', name: 'web-0', uid } });
    const pod = podOf(set, 0);
    const slice = {
      metadata: { name: 's', uid: 's', resourceVersion: '1', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [endpoint(pod.metadata.uid, '10.0.0.1'), endpoint('old', '10.0.0.2')],
    };
    const [member] = status(snapshotOf({ set, pods: [pod], endpointSlices: [slice] })).members;
    expect(member?.endpoints).toEqual([{ service: 'web', addresses: ['10.0.0.1'], ready: true, terminating: false }]);
  });

  test('the countdown on a lost node is in the document', () => {
    const set = setOf({ replicas: 1 });
    const tolerations = [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 }];
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: ago(MINUTE) }];
    const node = { ...nodeOf('node-0', { spec: { taints } }), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    const pods = [podOf(set, 0, { ready: false, spec: { tolerations } })];
    const [member] = status(snapshotOf({ set, pods, nodes: [node] })).members;
    expect(member?.pod).toMatchObject({ nodeLost: true, evictionAt: new Date(NOW + 240_000).toISOString() });
  });

  test('nothing there is nothing to show', () => {
    expect(statusOf(snapshotOf({ set: absent('not-found', NOW), pods: [] }), undefined, [])).toBeUndefined();
  });
});

test('whatever the cluster says, only our own colours and line ends reach the terminal', () => {
  const statuses = scenarioNames().map((name) => status(loadScenario(name).snapshot));
  const keep = [
    'health',
    'severity',
    'grade',
    'role',
    'health',
    'revisionIs',
    'created',
    'seen',
    'deletionDeadline',
    'evictionAt',
    'readySince',
  ];
  fc.assert(
    fc.property(fc.array(evil, { minLength: 1, maxLength: 3 }), fc.constantFrom(...statuses), fc.boolean(), (texts, each, colour) => {
      const bad = poisoned({ ...each, findings: [graceFinding] }, texts, keep);
      const drawn = view({ style: styleFor(colour), wide: colour });
      expect(withoutOurs(renderStatusTree(bad, poisoned(cluster, texts), drawn))).not.toMatch(RAW);
      expect(withoutOurs(renderStatusTable([bad], { namespaces: true, headers: true, flags: [] }, drawn))).not.toMatch(RAW);
    }),
    { numRuns: 30 },
  );
}, 30_000);
