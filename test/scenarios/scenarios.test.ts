import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/findings/diagnosis/diagnosis.ts';
import { DIAGNOSES } from '../../src/findings/diagnosis/index.ts';
import { reportOn } from '../../src/inspect/doctor.ts';
import { type SetStatus, statusOf } from '../../src/inspect/status/model.ts';
import { renderDoctor } from '../../src/render/doctor.ts';
import { renderStatusTable } from '../../src/render/status/line.ts';
import { renderStatusTree } from '../../src/render/status/tree.ts';
import { styleFor, type View } from '../../src/render/style.ts';
import { displayWidth } from '../../src/render/text.ts';
import { RAW, withoutOurs } from '../support/evil-text.ts';
import { loadScenario, SCENARIOS, type Scenario, scenarioNames } from '../support/scenario.ts';

const NO_PRACTICES = DIAGNOSES.filter(({ group }) => group !== 'practice');

const view = (width: number, wide = false): View => ({ style: styleFor(false), width, wide });

function statusIn({ snapshot, record, name }: Scenario): SetStatus {
  const status = statusOf(snapshot, record, []);
  if (status === undefined) throw new Error(`${name}: nothing to judge`);
  return status;
}

/** What `status` shows: the line, and the tree at this width. */
function shown(scenario: Scenario, width: number): string {
  const status = statusIn(scenario);
  return `${renderStatusTable([status], { namespaces: false, headers: true, flags: [] }, view(width))}\n\n${renderStatusTree(status, scenario.snapshot.cluster, view(width))}\n`;
}

const all = scenarioNames().map(loadScenario);

describe.each(all)('$name: $expected.about', (scenario) => {
  const { expected, name } = scenario;

  test(`is ${expected.health}`, () => {
    const { health, reason } = statusIn(scenario);
    expect(health).toBe(expected.health);
    expect(reason).toMatch(new RegExp(expected.reason));
  });

  test('looks as recorded at 80 and 120 columns', async () => {
    await expect(shown(scenario, 80)).toMatchFileSnapshot(join(SCENARIOS, name, 'status-80.txt'));
    await expect(shown(scenario, 120)).toMatchFileSnapshot(join(SCENARIOS, name, 'status-120.txt'));
    if (expected.tree !== undefined) expect(shown(scenario, 120)).toContain(expected.tree);
  });

  test('doctor finds what is expected, and nothing else', async () => {
    const findings = diagnose(NO_PRACTICES, scenario.snapshot);
    expect(findings.map(({ id }) => id)).toEqual(expected.findings);
    for (const id of expected.looksLike ?? []) expect(expected.findings, `it only looks like ${id}`).not.toContain(id);
    const report = reportOn([scenario.snapshot], NO_PRACTICES, () => scenario.record);
    const text = `${renderDoctor(report, scenario.snapshot.cluster, view(120))}\n`;
    await expect(text).toMatchFileSnapshot(join(SCENARIOS, name, 'doctor-120.txt'));
    if (expected.says !== undefined) expect(text.replaceAll(/\n */g, ' ')).toContain(expected.says);
    expect(withoutOurs(text)).not.toMatch(RAW);
  });

  test.each([80, 120])('fits %i columns and shows nothing raw', (width) => {
    const text = shown(scenario, width);
    expect(withoutOurs(text)).not.toMatch(RAW);
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
  });

  test('the same look gives the same document, through JSON too', () => {
    expect(JSON.parse(JSON.stringify(statusIn(scenario)))).toEqual(statusIn(scenario));
  });
});

test('every health and the failure signatures of status have a scenario', () => {
  const healths = new Set(all.map(({ expected }) => expected.health));
  expect([...healths].toSorted()).toEqual([
    'Degraded',
    'Healthy',
    'Interrupted',
    'Missing',
    'Paused',
    'Progressing',
    'ScaledToZero',
    'Stalled',
    'Terminating',
    'UpdatePending',
  ]);
  const signatures = new Set(all.map(({ expected }) => expected.signature));
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 22, 23, 25, 26, 33, 42]) expect(signatures).toContain(number);
});

test('every failure and hazard that doctor knows has a scenario, and another that only looks like it', () => {
  const ids = NO_PRACTICES.map(({ id }) => id);
  const found = new Set(all.flatMap(({ expected }) => expected.findings));
  const resembled = new Set(all.flatMap(({ expected }) => expected.looksLike ?? []));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
  expect(ids.filter((id) => !resembled.has(id))).toEqual([]);
  expect([...resembled].filter((id) => !ids.includes(id))).toEqual([]);
});
