import { describe, expect } from 'vitest';
import { inShort } from '../support/audit.ts';
import { blocking, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { openRecordOf } from '../support/records.ts';
import { admitOnly, deadWebhook, untilAdmitted } from '../support/trouble.ts';

const down = ['scale', 'web', '--replicas=1', '--yes'];
const gone = ['delete', 'web', '--confirm', 'web'];

async function expectRefusal(space: Space, who: string, args: readonly string[], dryRun = false): Promise<void> {
  const run = await space.run(...args, '-o', 'json');
  const { findings } = refusalOf(run);
  const refused = findings.find(({ id }) => id === 'admission-refuses');
  expect(blocking(findings)).toContain('admission-refuses');
  expect(refused?.message).toContain(who);
  expect(refused?.message).toContain('step scale-down/2 (remove member web-2)');
  expect(run.stderr).toContain(who);
  expect(run.stderr).not.toContain('auth can-i');
  expect(run.stderr).not.toContain('does not answer');
  expect(await space.secrets()).toEqual([]);
  // A DELETE says in its body that it is none in earnest, so the audit log's addresses do not tell.
  if (dryRun) return;
  await space.expectNoWrites();
  if (!inSandbox) return;
  const tried = (await space.requests()).filter(({ requestURI }) => requestURI.includes('dryRun='));
  expect(tried.map(inShort)).toEqual(['patch statefulsets/web']);
}

describe.concurrent('what admission rejects', () => {
  test('a policy that allows whole steps alone is found before the first write', async ({ space, onTestFinished }) => {
    await space.applySet({ replicas: 3 });
    const expression = 'object.spec.replicas == oldObject.spec.replicas || object.spec.replicas == 0 || oldObject.spec.replicas == 0';
    const policy = await admitOnly(space, expression, 'replicas may only go to 0 or from 0', { spec: { replicas: 2 } });
    onTestFinished(policy.remove);
    const before = await census(space);
    await expectRefusal(space, `ValidatingAdmissionPolicy ${policy.name} denies`, down);
    const run = await space.run(...gone);
    expectEnd(run, 3);
    expect(run.stderr).toContain('replicas may only go to 0 or from 0');
    await space.expectNoWrites();
    await expectRefusal(space, `ValidatingAdmissionPolicy ${policy.name} denies`, ['delete', 'web', '--dry-run=server'], true);
    await assertOnlyTouched(space, before, []);
    await nothingOfOursLeft(space);
  });

  test('a policy that allows the first step and not the next ends with 4, at once, and offers what it would admit', async ({
    space,
    onTestFinished,
  }) => {
    await space.applySet({ replicas: 3 });
    const policy = await admitOnly(space, 'object.spec.replicas != 1', 'never one alone', { spec: { replicas: 1 } });
    onTestFinished(policy.remove);
    const before = await census(space);
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--dry-run=server'), 3);
    const result = resultOf(await space.run('scale', 'web', '--replicas=0', '--yes', '-o', 'json'), 4);
    expect(result).toMatchObject({ outcome: 'failed', done: ['archive', 'scale-down/2'] });
    expect(result.message).toContain(`ValidatingAdmissionPolicy '${policy.name}'`);
    expect(result.resumeCommand).toBeUndefined();
    expect(await openRecordOf(space)).toMatchObject({ phase: 'stopped', cursor: 'scale-down/2' });
    if (inSandbox) {
      const denied = (await space.writes()).filter(({ responseStatus }) => responseStatus?.code === 422);
      expect(denied.map(inShort)).toEqual(['patch statefulsets/web']);
    }
    expectEnd(await space.line(`${result.cancelCommand} --yes`), 0);
    await space.ready();
    await assertOnlyTouched(space, before, ['web-2']);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('a webhook that cannot be called is named, before the first write and after it, and is not waited for', async ({
    space,
    onTestFinished,
  }) => {
    await space.applySet({ replicas: 3 });
    const webhook = await deadWebhook(space);
    onTestFinished(webhook.remove);
    const before = await census(space);
    await expectRefusal(space, `admission webhook ${webhook.name} cannot be called`, down);
    await expectRefusal(space, `admission webhook ${webhook.name} cannot be called`, [...down, '--dry-run=server'], true);
    await webhook.remove();
    await untilAdmitted(space, { metadata: { labels: { tried: 'yes' } } });

    await space.holdPod('web-2');
    const plugin = space.start([...down, '-o', 'json']);
    await space.untilTerminating('web-2');
    const again = await deadWebhook(space);
    onTestFinished(again.remove);
    await space.freePod('web-2');
    const run = await plugin.ended;
    await again.remove();
    const result = resultOf(run, 4);
    expect(result.message).toContain(`failed calling webhook "${again.name}"`);
    expect(run.stderr).not.toContain('does not answer');
    expect((await space.set()).spec.replicas).toBe(2);
    await untilAdmitted(space, { metadata: { labels: { tried: 'yes' } } });
    expectEnd(await space.line(`${result.resumeCommand} --yes`), 0);
    await assertOnlyTouched(space, before, ['web-1', 'web-2']);
    await nothingOfOursLeft(space);
  });
});
