import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderConfirmation, renderPlan } from '../../../src/render/plan.ts';
import { renderNothingToDo, renderRefusal } from '../../../src/render/refusal.ts';
import { renderResult } from '../../../src/render/result.ts';
import { styleFor, type View } from '../../../src/render/style.ts';
import { evil, poisoned, RAW, withoutOurs } from '../../support/evil-text.ts';
import { hpaFinding, samplePlan, sampleRefusal, sampleResult } from '../../support/render-samples.ts';

const view = (over: Partial<View> = {}): View => ({ style: styleFor(false), width: 80, wide: false, ...over });
const resultText = (members: number, end: string, how = view()): string => {
  const plan = samplePlan(members);
  return renderResult(sampleResult(plan, end), plan.steps, how);
};
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('plan', () => {
  test('says where, what, the findings, and what changes', () => {
    expect(renderPlan(samplePlan(2), view())).toMatchInlineSnapshot(`
      "context prod-eu · https://10.0.0.1:6443 · namespace prod
      Delete StatefulSet web: stop 2 members, highest first, keep 2 PVCs

      overridden pdb-min-available
      warns  short-grace (likely)  statefulset/web
          Members get only 5s to shut down.

      KIND          NAME         BEFORE                   AFTER
      Pod           web-1        Running, ready, node-1   stopped 1st
      Pod           web-0        Running, ready, node-0   stopped 2nd
      PVC           data-web-0   Bound, 10Gi              kept
      PVC           data-web-1   Bound, 10Gi              kept
      PV            pvc-8f1c-0   Delete                   kept
      PV            pvc-8f1c-1   Delete                   kept
      StatefulSet   web          2 members                deleted
      Service       web          headless                 kept

      plan 0123456789abcdef · 6 steps · manifest saved in Secret sts-safe.web.1"
    `);
  });

  test('-v has the steps and what was observed', () => {
    const text = renderPlan(samplePlan(2), view({ verbose: true }));
    expect(text).toContain('\n6 steps\n  1  save the manifest in Secret sts-safe.web.1\n');
    expect(text).toContain('\n  5  delete StatefulSet web, leaving everything it owns (cannot be interrupted)\n');
    expect(text).toContain('\n    observed  statefulset/web: spec.template.spec.terminationGracePeriodSeconds\n              = 5\n');
  });

  test('a thousand members fit a screen; with -o wide all are there', () => {
    const plan = samplePlan(1000);
    const short = renderPlan(plan, view());
    expect(short.split('\n').length).toBeLessThan(50);
    expect(short).toContain('… 995 more');
    const wide = renderPlan(plan, view({ wide: true }));
    expect(wide).toContain('web-500');
    expect(wide).not.toContain('more');
  });

  test('the one PVC that is deleted among a thousand is never elided', () => {
    const plan = samplePlan(1000);
    const changes = plan.changes.map((row) =>
      row.name === 'data-web-500' ? Object.assign({ ...row }, { after: 'DELETED, with its data' }) : row,
    );
    expect(renderPlan({ ...plan, changes }, view())).toMatch(/data-web-500 .*DELETED, with its data/);
  });

  test('a long cell is continued below itself, and nothing of its line is cut', () => {
    const changes = [
      { kind: 'StatefulSet', name: 'web', before: 'not there', after: 'created with 3 replicas of registry.example/web:1' },
      { kind: 'PersistentVolumeClaim', name: 'data-web-0', before: 'the same object as archived', after: 'attached' },
    ] as const;
    const text = renderPlan(samplePlan(1, { changes }), view());
    expect(text).toContain('\nPVC           data-web-0   the same object as archived   attached\n');
    expect(text).toMatch(/\n +registry\.example\/web:1\n/);
  });

  test('a resumed plan says where it goes on', () => {
    const since = '2026-06-01T11:58:00Z';
    const summary = 'resume delete of StatefulSet web (started 2m ago by ann@laptop, interrupted): 2 of 3 Pods left to delete';
    const resume = { startedBy: 'ann@laptop', startedAt: since, phase: 'stopped', summary } as const;
    const plan = samplePlan(3, { from: 'scale-down/1', resume });
    const text = renderPlan(plan, view({ width: 200 }));
    expect(text).toMatch(
      /^Resume delete of StatefulSet web \(started 2m ago by ann@laptop, interrupted\): 2 of 3 Pods left to delete\nDelete/m,
    );
    expect(text).toContain('7 steps, resuming at step 4');
    expect(text).not.toContain('stop member');
    const verbose = renderPlan(plan, view({ width: 200, verbose: true }));
    expect(verbose).toContain('7 steps (resuming at step 4)\n  4  stop member web-1\n');
    expect(verbose).not.toContain('stop member web-2');
    expect(renderPlan(plan, view({ wide: true, verbose: true }))).toContain('3  stop member web-2 (done)');
  });

  test.each([
    ['yes-no', 'Confirmation required. Non-interactive: --yes'],
    ['typed', 'Confirmation required: type the name. Non-interactive: --confirm prod/web'],
  ] as const)('confirmation %s', (kind, asks) => {
    const consent = kind === 'typed' ? { kind, name: 'web' } : { kind };
    expect(renderConfirmation(samplePlan(1, { consent }), view()).split('\n')).toEqual([
      asks,
      'To confirm only this exact plan: --confirm plan:0123456789abcdef',
    ]);
  });

  test.each([60, 80, 120])('prose and tables keep to %i columns', (width) => {
    expect(longest(renderPlan(samplePlan(3), view({ width })))).toBeLessThanOrEqual(Math.max(width, 72));
  });
});

describe('refusal', () => {
  test('every finding with evidence, remedy as a command, and what overrides it', () => {
    expect(renderRefusal(sampleRefusal, view())).toMatchInlineSnapshot(`
      "context prod-eu · https://10.0.0.1:6443 · namespace prod
      Not scaling web from 3 to 2: 2 findings block it.

      blocks hpa-targets-set  horizontalpodautoscaler/web
          HorizontalPodAutoscaler web scales this set between 3 and 5 members; it
          would bring back what this takes away.
          observed  hpa/web: spec.minReplicas = 3
          fix       # save it first: kubectl get hpa web -o yaml
                    kubectl delete hpa web -n prod --context prod-eu
          override  --allow hpa-targets-set
      blocks other-operation  statefulset/web
          ann@laptop has been scaling it since 11:20:31 (pid 4711); last heartbeat 4s
          ago.
          fix       kubectl sts-safe cancel web -n prod --context prod-eu
          cannot be overridden
      warns  short-grace (likely)  statefulset/web
          Members get only 5s to shut down.
          observed  statefulset/web: spec.template.spec.terminationGracePeriodSeconds
                    = 5

      Nothing was changed."
    `);
  });

  test('the context is in the printed commands', () => {
    expect(renderRefusal(sampleRefusal, view())).toContain('kubectl sts-safe cancel web -n prod --context prod-eu');
  });

  test('when everything can be allowed, the one flag that does it', () => {
    const findings = sampleRefusal.findings.flatMap((finding) =>
      finding.override === 'never' || finding.severity !== 'blocks' ? [] : [finding, { ...finding, id: 'quota' }],
    );
    expect(renderRefusal({ ...sampleRefusal, findings }, view())).toContain('--allow hpa-targets-set,quota');
  });

  test('one flag that is there already is not told again', () => {
    const findings = [hpaFinding, { ...hpaFinding, subject: { kind: 'HorizontalPodAutoscaler', name: 'web-2' } }];
    expect(renderRefusal({ ...sampleRefusal, findings }, view())).not.toContain('all of them');
  });

  test('nothing to do', () => {
    expect(renderNothingToDo({ outcome: 'nothing-to-do', message: 'web already has 3 replicas\u001b' })).toBe(
      'Nothing to do: web already has 3 replicas\\x1b',
    );
  });
});

describe('result', () => {
  test('done: the sentence and what was verified', () => {
    expect(resultText(3, 'done')).toMatchInlineSnapshot(`
      "StatefulSet web is deleted; its 3 PVCs are kept.
        verified  3 Pods are gone by UID
        verified  3 PVCs are the same objects, Bound, without owners"
    `);
  });

  test.each(['stop', 'fail'])('%s: done, remaining, the way on and the way back', (end) => {
    const text = resultText(3, end);
    expect(text).toContain('resume     kubectl sts-safe delete web -n prod');
    expect(text).toContain('cancel     kubectl sts-safe cancel web -n prod');
    expect(text).not.toContain('Nothing was changed');
  });

  test('steps by their titles, long runs of alike ones by their ends', () => {
    expect(resultText(50, 'stop')).toMatchInlineSnapshot(`
      "Stopped: web is held at 1 member.
        done       save the manifest in Secret sts-safe.web.1
                   keep the claims: retention policy Retain, owner references off
                   stop member web-49
                   stop member web-48
        remaining  stop member web-47 to web-0 (48 steps)
                   delete StatefulSet web, leaving everything it owns
                   verify that 50 PVCs are the same objects
        resume     kubectl sts-safe delete web -n prod
        cancel     kubectl sts-safe cancel web -n prod"
    `);
  });

  test('a short run is told step by step, and with -o wide every one is', () => {
    expect(resultText(5, 'stop')).toMatch(/remaining {2}stop member web-2\n {13}stop member web-1\n {13}stop member web-0\n/);
    const wide = resultText(50, 'stop', view({ wide: true }));
    expect(wide).toContain('stop member web-25\n');
    expect(wide).not.toContain('steps)');
  });

  test('a step that the plan does not know is told by its id', () => {
    expect(renderResult(sampleResult(samplePlan(3), 'stop'), [], view())).toContain('scale-down/2');
  });
});

test('whatever the cluster says, only our own colours and line ends reach the terminal', () => {
  const keep = ['outcome', 'severity', 'grade', 'override', 'kind', 'do', 'tool'];
  const drawn = [view({ width: 40 }), view({ style: styleFor(true), width: 120, wide: true })];
  fc.assert(
    fc.property(fc.array(evil, { minLength: 1, maxLength: 4 }), (texts) => {
      const bad = <T>(value: T): T => poisoned(value, texts, keep);
      for (const each of drawn) {
        expect(withoutOurs(renderPlan(bad(samplePlan(4)), each))).not.toMatch(RAW);
        expect(withoutOurs(renderRefusal(bad(sampleRefusal), each))).not.toMatch(RAW);
        expect(withoutOurs(renderResult(bad(sampleResult(samplePlan(3), 'stop')), bad(samplePlan(3)).steps, each))).not.toMatch(RAW);
      }
    }),
    { numRuns: 15 },
  );
}, 30_000);
