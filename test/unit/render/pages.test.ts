import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderCatalogue, renderExplanation } from '../../../src/render/explain.ts';
import { renderArchives, renderOperations } from '../../../src/render/operations.ts';
import { styleFor, type View } from '../../../src/render/style.ts';
import { displayWidth } from '../../../src/render/text.ts';
import { renderVersion } from '../../../src/render/version.ts';
import { evil, poisoned, RAW, withoutOurs } from '../../support/evil-text.ts';
import { sampleExplanation, sampleOpenItem } from '../../support/render-samples.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const view: View = { style: styleFor(false), width: 100, wide: false };
const entry = (name: string, created: string) =>
  ({ name, operation: 'delete', id: name, created, setUid: 'u', replicas: 3, setDeleted: true }) as const;

test('operations: one line each, and the commands that go on and back', () => {
  expect(
    renderOperations(
      [sampleOpenItem, { namespace: 'test', set: 'db', what: 'damaged-record' }],
      { namespaces: true, headers: true, now },
      view,
    ),
  ).toMatchInlineSnapshot(`
    "NAMESPACE   NAME   OPERATION        PHASE     STEP           BY           AGE      HEARTBEAT
    prod        web    scale            stopped   scale-down/2   ann@laptop   20m      2m
      resume    kubectl sts-safe scale web --replicas 1 -n prod
      cancel    kubectl sts-safe cancel web -n prod
    test        db     damaged-record   <none>    <none>         <none>       <none>   <none>"
  `);
  expect(renderOperations([sampleOpenItem], { namespaces: false, headers: false, now }, view).split('\n')[0]).toMatch(/^web +scale/);
  expect(renderOperations([], { namespaces: false, headers: false, now }, view)).toBe('');
});

test('operations on a narrow terminal: who and since when go below the line', () => {
  const item = { ...sampleOpenItem, set: 'orders-event-store-eu-west' };
  const deleted = { namespace: 'prod', set: 'db', what: 'deleted-set', archive: 'sts-safe.db.1', since: '2026-06-01T11:50:00Z' } as const;
  expect(renderOperations([item, deleted], { namespaces: false, headers: true, now }, { ...view, width: 72 })).toMatchInlineSnapshot(`
    "NAME                         OPERATION     PHASE     STEP
    orders-event-store-eu-west   scale         stopped   scale-down/2
      by        ann@laptop, started 20m ago, last heartbeat 2m ago
      resume    kubectl sts-safe scale web --replicas 1 -n prod
      cancel    kubectl sts-safe cancel web -n prod
    db                           deleted-set   <none>    sts-safe.db.1
      since     10m ago"
  `);
});

describe('archives', () => {
  const scaled = { ...entry('sts-safe.web.2', '2026-06-01T11:00:00Z'), operation: 'scale', setDeleted: false } as const;
  const items = [entry('sts-safe.web.1', '2026-05-01T12:00:00Z'), scaled];

  test('newest first, with the one that a plain restore takes', () =>
    expect(renderArchives({ default: 'sts-safe.web.2', items }, { headers: true, now }, view)).toMatchInlineSnapshot(`
      "ARCHIVE                    OPERATION   REPLICAS   SET       AGE
      sts-safe.web.2 (default)   scale       3          kept      60m
      sts-safe.web.1             delete      3          deleted   31d"
    `));

  test('none of them, where that one is gone', () =>
    expect(renderArchives({ items }, { headers: true, now }, view)).not.toContain('default'));

  test('names as they usually are fit 80 columns', () => {
    const name = 'sts-safe.elasticsearch-master.2';
    const text = renderArchives({ default: name, items: [{ ...scaled, name, setDeleted: true }] }, { headers: true, now }, view);
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
  });
});

describe('explain', () => {
  test('a page', () =>
    expect(renderExplanation(sampleExplanation, view)).toMatchInlineSnapshot(`
      "unhealthy-member-stays
      A member that is to stay is not healthy.

      An OrderedReady controller removes nothing before every member that stays is Ready, so the
      scale-down would stop part-way. In a quorum it may also take away the majority.

      LOOKED AT
        Pods of the set: phase, condition Ready, deletionTimestamp

      WHAT HELPS
        Heal the member, or delete its Pod if it does not come up.
        kubectl sts-safe status web

      IN
        scale               blocks   overridden with --allow
        delete              warns
        cancel (set gone)   blocks   cannot be overridden; about PVCs that are Bound

      SEE ALSO
        kubernetes pkg/controller/statefulset/stateful_set_control.go"
    `));
  test('on a narrow terminal, what an operation makes of it goes on below itself', () => {
    const when = 'about the set, Pods, PVCs, HPAs, operation records and saved manifests';
    const page = { ...sampleExplanation, operations: [{ operation: 'delete', severity: 'blocks', override: 'never', when }] } as const;
    const lines = renderExplanation(page, { ...view, style: styleFor(true), width: 60 }).split('\n');
    expect(Math.max(...lines.filter((line) => !line.includes('.ts')).map((line) => displayWidth(withoutOurs(line))))).toBeLessThanOrEqual(
      60,
    );
    expect(withoutOurs(lines.join(' ')).replaceAll(/ +/g, ' ')).toContain(`cannot be overridden; ${when}`);
  });
  test('empty sections are left out', () =>
    expect(renderExplanation({ ...sampleExplanation, sources: [], evidence: [], operations: [] }, view)).not.toMatch(
      /SEE ALSO|LOOKED AT|^IN$/m,
    ));
  test('the catalogue on a narrow terminal has room for what they mean', () =>
    expect(renderCatalogue([sampleExplanation], { ...view, width: 60 })).toMatchInlineSnapshot(`
      "ID                       MEANING
      unhealthy-member-stays   A member that is to stay is not
                               healthy."
    `));
  test('the catalogue', () =>
    expect(renderCatalogue([sampleExplanation], { ...view, width: 120 })).toMatchInlineSnapshot(`
      "ID                       IN                    MEANING
      unhealthy-member-stays   scale,delete,cancel   A member that is to stay is not healthy."
    `));
});

test('version', () => {
  const clientVersion = { gitVersion: 'v0.1.0', nodeVersion: 'v26.10.0', platform: 'linux/x64' };
  expect(
    renderVersion(
      { clientVersion, serverVersion: { gitVersion: 'v1.36.3' }, features: { 'start ordinal': true, maxUnavailable: false } },
      view,
    ),
  ).toMatchInlineSnapshot(`
    "Client Version: v0.1.0
    Node: v26.10.0, linux/x64
    Server Version: v1.36.3
      yes start ordinal
      no  maxUnavailable"
  `);
  expect(renderVersion({ clientVersion }, view)).toBe('Client Version: v0.1.0\nNode: v26.10.0, linux/x64');
});

test('nothing raw reaches the terminal', () => {
  fc.assert(
    fc.property(fc.array(evil, { minLength: 1, maxLength: 3 }), (texts) => {
      const bad = <T>(value: T): T => poisoned(value, texts, ['severity', 'override', 'created', 'since', 'heartbeat']);
      for (const style of [styleFor(false), styleFor(true)]) {
        const each = { ...view, style };
        expect(withoutOurs(renderOperations(bad([sampleOpenItem]), { namespaces: true, headers: true, now }, each))).not.toMatch(RAW);
        expect(withoutOurs(renderExplanation(bad(sampleExplanation), each))).not.toMatch(RAW);
        expect(withoutOurs(renderCatalogue(bad([sampleExplanation]), each))).not.toMatch(RAW);
      }
    }),
    { numRuns: 30 },
  );
}, 30_000);
