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
    expect(diagnose(DIAGNOSES, broken)).toMatchObject([{ id: 'crash-loop', severity: 'blocks', override: 'never' }]);
  });
});
