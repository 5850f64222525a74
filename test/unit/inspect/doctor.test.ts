import { describe, expect, it } from 'vitest';
import type { ClusterReader } from '../../../src/cluster/api.ts';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import { read, unknown } from '../../../src/domain/reading.ts';
import type { SliceName, Snapshot } from '../../../src/domain/snapshot.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { chosenDiagnoses, examineAll, examineOne, reportOn } from '../../../src/inspect/doctor.ts';
import { NOW, nodeOf, podsOf, setOf, worldOf } from '../../support/objects.ts';

const lost = { ...nodeOf('node-0'), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };

function onLostNode(name: string): Snapshot {
  const set = setOf({ name });
  return inWorld(set, { pods: podsOf(set, { 0: { ready: false, readySince: 60 } }), nodes: [lost, nodeOf('node-1'), nodeOf('node-2')] });
}

function inWorld(set: StatefulSet, slices: Parameters<typeof worldOf>[1] = {}): Snapshot {
  return { ...worldOf(set, slices), target: { namespace: 'prod', name: set.metadata.name } };
}

const NO_PRACTICES = DIAGNOSES.filter(({ group }) => group !== 'practice');

const report = (...snapshots: readonly Snapshot[]) => reportOn(snapshots, NO_PRACTICES, () => undefined);

describe('the report of doctor', () => {
  it('tells one lost node under ten sets once', () => {
    const names = Array.from({ length: 10 }, (_, index) => `db-${index}`);
    const { findings, sets } = report(...names.map(onLostNode));
    const errors = findings.filter(({ severity }) => severity === 'blocks');
    expect(errors).toMatchObject([{ id: 'pod-on-lost-node', subject: { kind: 'node', name: 'node-0' } }]);
    expect(errors[0]?.sets.map(({ name }) => name)).toEqual(names);
    expect(errors[0]?.message).toMatch(/^db-0-0 is on node node-0.*; the same affects 9 other StatefulSets: prod\/db-1, .* and 6 more$/);
    expect(errors[0]?.evidence.filter(({ object }) => object.startsWith('pod/'))).toHaveLength(10);
    expect(sets.map(({ health }) => health)).toEqual(names.map(() => 'Degraded'));
  });

  it('keeps findings about different objects apart, errors first', () => {
    const [a, b] = [
      setOf({ name: 'a' }),
      setOf({ name: 'b', spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } } }),
    ];
    const crashing = (set: StatefulSet) => ({ pods: podsOf(set, { 1: { waiting: 'CrashLoopBackOff', restarts: 4 } }) });
    const { findings } = report(inWorld(b), inWorld(a, crashing(a)));
    expect(findings.filter(({ severity }) => severity !== 'notes').map(({ id, sets }) => [id, sets.map(({ name }) => name)])).toEqual([
      ['crash-loop', ['a']],
      ['forgotten-partition', ['b']],
    ]);
  });

  it('says what could not be read, and what was not checked for it', () => {
    const forbidden = unknown('forbidden', 'cannot list persistentvolumeclaims in namespace prod (forbidden)', NOW);
    const look = worldOf(setOf());
    const { findings, unknown: unread } = report({ ...look, slices: { ...look.slices, claims: forbidden } });
    expect(unread).toEqual([forbidden.message]);
    expect(findings).toMatchObject([{ id: 'evidence-unknown', severity: 'warns', grade: 'unknown' }]);
    expect(findings[0]?.message).toMatch(/^cannot list persistentvolumeclaims .*; not checked: .*claim-pending/);
  });

  it('has nothing to report of sets that are well', () => {
    expect(report(worldOf(setOf()))).toMatchObject({ sets: [{ health: 'Healthy' }], findings: [], unknown: [] });
  });
});

describe('what is examined', () => {
  it('of many sets is nothing that takes a request for each', async () => {
    const asked: SliceName[] = [];
    const reader = {
      readMany: (needs: readonly SliceName[]) => {
        asked.push(...needs);
        return Promise.resolve({ snapshots: [], sets: read(0, NOW) });
      },
    };
    await examineAll({}, DIAGNOSES, reader as unknown as ClusterReader);
    expect(asked).toContain('pods');
    expect(asked).not.toContain('stored');
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('is chosen by --only and --skip', () => {
    const ids = (choice: Parameters<typeof chosenDiagnoses>[0]) => chosenDiagnoses(choice).map(({ id }) => id);
    expect(ids({ only: ['crash-loop'] })).toEqual(['crash-loop']);
    expect(ids({})).toEqual(DIAGNOSES.map(({ id }) => id));
    expect(ids({ skip: ['crash-loop'] })).toEqual(DIAGNOSES.map(({ id }) => id).filter((id) => id !== 'crash-loop'));
  });

  it('reads events of Pods only where one is in trouble', async () => {
    const asked: SliceName[] = [];
    const reader = (look: Snapshot) => ({
      read: (needs: readonly SliceName[]) => {
        asked.push(...needs);
        const { podEvents: _, attachments: __, ...slices } = look.slices;
        return Promise.resolve({ ...look, slices });
      },
    });
    const web = setOf();
    const examine = (look: Snapshot) => examineOne(look.target, DIAGNOSES, reader(look) as unknown as ClusterReader);
    await examine(worldOf(web));
    expect(asked).not.toContain('podEvents');
    await examine(worldOf(web, { pods: podsOf(web, { 0: { ready: false } }) }));
    expect(asked).toContain('podEvents');
  });
});
