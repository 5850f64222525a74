import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { read, unknown } from '../../../src/domain/reading.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { reportOn } from '../../../src/inspect/doctor.ts';
import { nodeReport } from '../../../src/inspect/node/report.ts';
import { statusOf } from '../../../src/inspect/status/model.ts';
import type { OperationEvent } from '../../../src/plan/events.ts';
import { type DocumentKind, type Documents, documentLine, renderDocument } from '../../../src/render/json.ts';
import { createSink } from '../../../src/render/live/sink.ts';
import { published, schemaFile, schemas } from '../../../src/render/schema/documents.ts';
import { evil, poisoned, RAW } from '../../support/evil-text.ts';
import { FakeTerminal, fakeIo } from '../../support/fake-terminal.ts';
import { NOW, silentNode } from '../../support/lost-node.ts';
import {
  hpaFinding,
  sampleExplanation,
  sampleOpenItem,
  samplePlan,
  samplePvcs,
  sampleRefusal,
  sampleResult,
  sampleRolloutStatus,
  sampleVolume,
} from '../../support/render-samples.ts';
import { loadScenario, scenarioNames } from '../../support/scenario.ts';
import { reportOf, world } from '../peers/world.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
const validators = Object.fromEntries(Object.keys(schemas).map((kind) => [kind, ajv.compile(stored(kind))]));

function stored(kind: string): object {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas', schemaFile(kind)), 'utf8'));
}

function expectValid(kind: string, document: unknown): void {
  const validate = validators[kind];
  validate?.(document);
  expect(validate?.errors ?? []).toEqual([]);
}

const { operation: _operation, writer: _writer, ...quietRollout } = sampleRolloutStatus;
const plan = samplePlan(3);
const statuses = scenarioNames().map((name) => {
  const { snapshot, record } = loadScenario(name);
  return statusOf(snapshot, record, [hpaFinding])!;
});
const archives = [
  { name: 'sts-safe.web.1', operation: 'delete', id: 'op-1', created: '2026-06-01T11:00:00Z', setUid: 'u', replicas: 3, setDeleted: true },
] as const;

const bodies: { readonly [K in DocumentKind]: readonly Documents[K][] } = {
  Plan: [plan, samplePlan(1, { from: 'protect', consent: { kind: 'yes-no' }, putBack: { replicas: 3 } })],
  Refusal: [sampleRefusal],
  OperationResult: ['done', 'stop', 'fail'].map((end) => sampleResult(plan, end)),
  RunResult: [
    {
      outcome: 'stopped',
      exitCode: 130,
      message: 'step up: interrupted',
      journal: '/state/upgrade.jsonl',
      resumeCommand: 'kubectl sts-safe run upgrade.yaml --resume',
      steps: [
        { name: 'ask', verb: 'approve', outcome: 'done', message: 'approved', seconds: 3 },
        { name: 'up', verb: 'operation', outcome: 'stopped', message: 'interrupted', seconds: 70, result: sampleResult(plan, 'stop') },
        { name: 'tell', verb: 'command', outcome: 'not-run', message: '' },
      ],
    },
  ],
  Status: statuses,
  StatusList: [{ items: statuses }, { items: [] }],
  FindingList: [{ items: sampleRefusal.findings }],
  DoctorReport: scenarioNames().map((name) => {
    const { snapshot, record } = loadScenario(name);
    const report = reportOn([snapshot], DIAGNOSES, () => record);
    return { ...report, findings: report.findings.map((finding) => ({ ...finding, commands: ['kubectl sts-safe doctor'] })) };
  }),
  RolloutStatus: [sampleRolloutStatus, { ...quietRollout, resumeCommand: 'kubectl sts-safe rollout resume web' }],
  RevisionList: [{ namespace: 'prod', name: 'web', items: sampleRolloutStatus.revisions }],
  OperationList: [
    {
      items: [
        sampleOpenItem,
        { namespace: 'prod', set: 'db', what: 'damaged-record' },
        { namespace: 'prod', pvc: 'data-web-2', volume: 'pv-data-web-2', what: 'retired-pvc', startedBy: 'ann@laptop' },
        { namespace: 'prod', set: 'web', what: 'protected-volumes', cancelCommand: 'kubectl sts-safe pvc unprotect web -n prod' },
      ],
    },
  ],
  ArchiveList: [{ default: 'sts-safe.web.1', items: archives }, { items: [] }],
  NodeReport: [nodeReport(silentNode()), nodeReport(silentNode({ node: read([], NOW), clusterNodes: unknown('forbidden', 'm', NOW) }))],
  Peers: [reportOf(world()), reportOf({ ...world(), services: [], dns: { state: 'unknown', message: 'm' } })],
  Explanation: [sampleExplanation],
  ExplanationList: [{ items: [sampleExplanation] }],
  PvcList: [samplePvcs, { items: [], totals: [], unread: ['cannot list persistentvolumes (forbidden)'] }],
  VolumeList: [{ items: [sampleVolume] }],
  Version: [
    { clientVersion: { gitVersion: 'v0.1.0', nodeVersion: 'v26.10.0', platform: 'linux/x64' }, serverVersion: { gitVersion: 'v1.36.3' } },
  ],
};
const all = Object.entries(bodies).flatMap(([kind, list]) => list.map((body) => [kind as DocumentKind, body as never] as const));

describe('schemas', () => {
  test.each(Object.keys(schemas))('%s is written as its source says: node tools/schemas.ts', (kind) => {
    expect(stored(kind)).toEqual(JSON.parse(JSON.stringify(published(schemas[kind as DocumentKind]))));
  });

  test.each(all)('a rendered %s keeps to its schema, in JSON, on one line, and in YAML', async (kind, body) => {
    const json = await renderDocument(kind, body, 'json');
    expectValid(kind, JSON.parse(json));
    expect(JSON.parse(documentLine(kind, body))).toEqual(JSON.parse(json));
    expect(documentLine(kind, body).trimEnd()).not.toContain('\n');
    expect(parse(await renderDocument(kind, body, 'yaml'))).toEqual(JSON.parse(json));
  });

  test('a field that nobody entered is noticed', () => {
    expect(validators['Status']?.({ apiVersion: 'sts-safe.dev/v1', kind: 'Status', ...statuses[0], more: 1 })).toBe(false);
  });

  test('every event of --progress json', () => {
    const at = Date.parse('2026-06-01T12:00:00Z');
    const events: readonly OperationEvent[] = [
      { type: 'operation-started', plan, at },
      { type: 'step-started', id: 'a', title: 't', index: 0, total: 1, at },
      { type: 'step-note', id: 'a', message: 'm', at },
      { type: 'step-finished', id: 'a', title: 't', tookMs: 12, already: false, at },
      { type: 'step-failed', id: 'a', title: 't', message: 'm', at },
      { type: 'warning', message: 'm', finding: hpaFinding, at },
      { type: 'stop-deferred', message: 'm', at },
      { type: 'stopping', message: 'm', at },
      { type: 'operation-finished', result: sampleResult(plan, 'done'), at },
    ];
    const terminal = new FakeTerminal({ isTTY: false });
    const sink = createSink('json', fakeIo(terminal));
    for (const event of events) sink.emit(event);
    sink.close();
    const lines = terminal.written.trimEnd().split('\n');
    expect(lines).toHaveLength(events.length);
    for (const line of lines) expectValid('Event', JSON.parse(line));
  });
});

describe('text', () => {
  test('says which version and kind', async () => {
    const json = await renderDocument('Version', bodies.Version[0]!, 'json');
    expect(json.startsWith('{\n  "apiVersion": "sts-safe.dev/v1",\n  "kind": "Version",\n')).toBe(true);
    expect(json.endsWith('}\n')).toBe(true);
  });

  test.each([
    ['Plan', 'statefulset.apps/web\n'],
    ['Peers', 'pod/web-0\npod/web-1\npod/web-2\n'],
    ['FindingList', 'short-grace\nhpa-targets-set\nother-operation\n'],
    ['ArchiveList', 'secret/sts-safe.web.1\n'],
    ['PvcList', 'persistentvolumeclaim/data-web-2\n'],
    ['VolumeList', 'persistentvolume/pv-data-web-2\n'],
    ['OperationList', 'statefulset.apps/web\nstatefulset.apps/db\npersistentvolumeclaim/data-web-2\nstatefulset.apps/web\n'],
  ] as const)('-o name of %s', async (kind, names) => expect(await renderDocument(kind, bodies[kind][0] as never, 'name')).toBe(names));

  test('evil text is escaped and comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evil, { minLength: 1, maxLength: 3 }), async (texts) => {
        const wellFormed = texts.map((text) => text.toWellFormed());
        const refusal = poisoned(sampleRefusal, wellFormed);
        const json = await renderDocument('Refusal', refusal, 'json');
        const yaml = await renderDocument('Refusal', refusal, 'yaml');
        expect(`${json}${yaml}`.replaceAll('\n', '')).not.toMatch(RAW);
        expect(JSON.parse(json)).toMatchObject(refusal);
        expect(parseDocument(yaml).toJS()).toMatchObject(refusal);
      }),
      { numRuns: 50 },
    );
  });
});
