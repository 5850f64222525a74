import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/domain/finding.ts';
import { renderFindings } from '../../../src/render/finding.ts';
import { styleFor, type View } from '../../../src/render/style.ts';
import { graceFinding, hpaFinding } from '../../support/render-samples.ts';

const view = (over: Partial<View> = {}): View => ({ style: styleFor(false), width: 80, wide: false, ...over });
const draw = (findings: readonly Finding[], how = view()): string =>
  renderFindings(findings, { place: { namespace: 'prod', flags: [] }, override: true, evidence: true }, how);
const amount = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/** As `unhealthy-member-stays` says it of one member. */
const unready = (n: number, more: Partial<Finding> = {}): Finding => ({
  id: 'unhealthy-member-stays',
  severity: 'blocks',
  grade: 'proven',
  subject: { kind: 'pod', name: `web-${n}`, namespace: 'prod' },
  message: `web-${n} stays and is not ready (CrashLoopBackOff, for ${n % 2 === 0 ? '40s' : '1m20s'})`,
  evidence: [
    { object: `pod/web-${n}`, field: 'status.conditions[Ready].status', value: 'False' },
    { object: `pod/web-${n}`, field: 'status.containerStatuses[main].state.waiting.reason', value: 'CrashLoopBackOff' },
  ],
  remedies: [
    { do: 'kubectl', args: ['describe', 'pod', `web-${n}`], why: `conditions and events of web-${n}` },
    { do: 'kubectl', args: ['logs', `web-${n}`, '--previous'], why: 'what it said before its last restart' },
  ],
  override: 'allow',
  ...more,
});
const many = (members: number): readonly Finding[] => Array.from({ length: members }, (_, n) => unready(n));

describe('findings that differ only in their object', () => {
  test('are one block: what is so of each, and what is the same of all once', () => {
    expect(draw([unready(0), hpaFinding, unready(2), graceFinding])).toMatchInlineSnapshot(`
      "blocks unhealthy-member-stays  2 pods
          web-0 stays and is not ready (CrashLoopBackOff, for 40s)
          observed  pod/web-0: status.conditions[Ready].status = False
          observed  pod/web-0: status.containerStatuses[main].state.waiting.reason =
                    CrashLoopBackOff
          web-2 stays and is not ready (CrashLoopBackOff, for 40s)
          observed  pod/web-2: status.conditions[Ready].status = False
          observed  pod/web-2: status.containerStatuses[main].state.waiting.reason =
                    CrashLoopBackOff
          fix       # conditions and events of each
                    kubectl describe pod web-0 -n prod
                    kubectl describe pod web-2 -n prod
          fix       # what it said before its last restart
                    kubectl logs web-0 --previous -n prod
                    kubectl logs web-2 --previous -n prod
          override  --allow unhealthy-member-stays
      blocks hpa-targets-set  horizontalpodautoscaler/web
          HorizontalPodAutoscaler web scales this set between 3 and 5 members; it
          would bring back what this takes away.
          observed  hpa/web: spec.minReplicas = 3
          fix       # save it first: kubectl get hpa web -o yaml
                    kubectl delete hpa web -n prod
          override  --allow hpa-targets-set
      warns  short-grace (likely)  statefulset/web
          Members get only 5s to shut down.
          observed  statefulset/web: spec.template.spec.terminationGracePeriodSeconds
                    = 5"
    `);
  });

  test('of fifty members the first and the last are shown; with -o wide all', () => {
    const short = draw(many(50));
    expect(short.split('\n').length).toBeLessThan(40);
    expect(short).toContain('blocks unhealthy-member-stays  50 pods\n');
    expect(amount(short, /… 45 more/g)).toBe(3);
    const wide = draw(many(50), view({ wide: true }));
    expect(amount(wide, /stays and is not ready/g)).toBe(50);
    expect(amount(wide, /kubectl describe pod/g)).toBe(50);
  });

  test('a member with another trouble is never elided', () => {
    const findings = many(50).with(25, unready(25, { message: 'web-25 stays and is terminating' }));
    expect(draw(findings)).toContain('web-25 stays and is terminating');
  });

  test('about one and the same object, it is named', () => {
    const again = { ...graceFinding, message: 'Another thing.' };
    expect(draw([graceFinding, again])).toMatch(/^warns {2}short-grace \(likely\) {2}statefulset\/web\n/);
  });
});

describe('findings stay apart', () => {
  test.each<[string, Partial<Finding>]>([
    ['of another severity', { severity: 'warns' }],
    ['of another grade', { grade: 'likely' }],
    ['that are overridden otherwise', { override: 'never' }],
    ['about another kind of object', { subject: { kind: 'node', name: 'web-1' } }],
    ['with other remedies', { remedies: [] }],
    ['whose remedies are for another reason', { remedies: unready(1).remedies.map((one) => ({ ...one, why: 'if nobody needs it' })) }],
  ])('%s', (_, more) => {
    expect(amount(draw([unready(0), unready(1, more)]), /unhealthy-member-stays(?: \(likely\))? {2}/g)).toBe(2);
  });
});

test('a finding about a whole set does not fill the screen with what it has seen of each member', () => {
  const evidence = many(50).flatMap((finding) => finding.evidence);
  const text = draw([{ ...graceFinding, evidence }]);
  expect(text.split('\n').length).toBeLessThan(25);
  expect(text).toContain('… 45 more');
  expect(amount(draw([{ ...graceFinding, evidence }], view({ wide: true })), /observed/g)).toBe(100);
});
