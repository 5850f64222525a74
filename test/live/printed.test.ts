import { describe, expect } from 'vitest';
import { blocking, documentOf, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { becomesOthers, interruptedAt } from '../support/records.ts';

const down = ['scale', 'web', '--replicas=1', '--yes'];

/** Runs while a Pod that was told to end does not, so that the world can be changed under it. */
async function meddledAt(pod: string, space: Space, args: readonly string[], meddle: () => Promise<unknown>) {
  await space.holdPod(pod);
  const plugin = space.start(args);
  await Promise.race([space.untilTerminating(pod), plugin.ended]);
  await meddle();
  const run = await plugin.ended;
  await space.freePod(pod);
  return run;
}

interface Items {
  readonly items: readonly { readonly resumeCommand?: string; readonly cancelCommand?: string; readonly note?: string }[];
}

async function listed(space: Space): Promise<Items['items']> {
  return documentOf<Items>((await space.run('operations', '-o', 'json')).stdout, 'OperationList').items;
}

/** Every command that is printed is one that would be accepted then and there, with the flags that were given. */
describe.concurrent('next commands', () => {
  test.skipIf(!inSandbox)(
    'after someone scaled the set: cancel alone, wherever it is printed, as the same user of the same file',
    async ({ space }) => {
      await space.applySet({ replicas: 3 });
      const flags = ['--kubeconfig', space.kubeconfig, '--as', 'ann', '--as-group', 'system:masters'];
      const run = await meddledAt('web-2', space, ['delete', 'web', '--confirm', 'web', '-o', 'json', ...flags], () =>
        space.kubectl(['scale', 'statefulset', 'web', '--replicas=5']),
      );
      const { resumeCommand, cancelCommand = '' } = resultOf(run, 4);
      expect(resumeCommand).toBeUndefined();
      expect(cancelCommand).toContain(`--as ann --as-group system:masters`);
      expect(cancelCommand).toContain(`--kubeconfig ${space.kubeconfig}`);
      expect(await listed(space)).toMatchObject([{ cancelCommand: expect.stringContaining('cancel web') }]);
      expect((await listed(space))[0]?.resumeCommand).toBeUndefined();
      const refusal = refusalOf(await space.run(...down, '-o', 'json'));
      expect(refusal.findings.flatMap(({ remedies }) => remedies)).toMatchObject([{ do: 'operation', operation: 'cancel' }]);
      // From a shell in which nothing else leads there.
      expectEnd(await space.line(`${cancelCommand} --dry-run`, { kubeconfig: '/nowhere' }), 0);
    },
  );

  test('after someone deleted the set, or took the operation over: none', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    const gone = resultOf(
      await meddledAt('web-2', space, [...down, '-o', 'json'], () => space.kubectl(['delete', 'statefulset', 'web', '--wait=false'])),
      4,
    );
    expect([gone.resumeCommand, gone.cancelCommand]).toEqual([undefined, undefined]);
    await space.patchSet({ metadata: { finalizers: null } });
    await space.untilPodGone('web-0');
    expect((await space.run('operations')).stderr).toContain('No open operations');
    await space.applySet({ name: 'db', replicas: 2 });
    await space.holdPod('db-1');
    const plugin = space.start(['scale', 'db', '--replicas=1', '--yes', '-o', 'json']);
    await space.untilTerminating('db-1');
    await becomesOthers(space, 0, 'db');
    const taken = resultOf(await plugin.ended, 4);
    expect([taken.resumeCommand, taken.cancelCommand]).toEqual([undefined, undefined]);
    const [open] = await listed(space);
    expect([open?.resumeCommand, open?.cancelCommand]).toEqual([undefined, undefined]);
    expect(open?.note).toMatch(/^in progress: jane@elsewhere, heartbeat \d+s ago$/);
    await becomesOthers(space, 100, 'db');
    await space.freePod('db-1');
    for (const line of [(await listed(space))[0]?.resumeCommand, (await listed(space))[0]?.cancelCommand]) {
      expect(line).toContain('--take-over');
      expectEnd(await space.line(`${line} --dry-run`), 0);
    }
  });

  test('a resumed scale-up says that it is one, lists each Pod once, and calls no new PVC old', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const up = ['scale', 'web', '--replicas=3'];
    const plugin = space.start([...up, '--yes']);
    await space.untilPod('web-2', ({ spec }) => spec !== undefined, 'web-2 is there');
    plugin.kill('SIGKILL');
    await plugin.ended;
    const plan = planOf(await space.run(...up, '--dry-run', '-o', 'json'));
    expect(plan.resume?.summary).toMatch(/^resume scale of StatefulSet web \(started \d+s ago by .*\): \d of 2 Pods not ready yet$/);
    const names = plan.changes.map(({ kind, name }) => `${kind}/${name}`);
    expect(names).toEqual([...new Set(names)]);
    expect(JSON.stringify(plan.changes)).not.toContain('old data');
    expect((await space.run(...up, '--dry-run')).stdout).toMatch(/^Resume scale of StatefulSet web .*\nScale StatefulSet web up/m);
    expectEnd(await space.run(...up, '--yes'), 0);
  });

  test('a resumed deletion says what is left, and what is removed already', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const { resumeCommand, cancelCommand } = resultOf(
      await interruptedAt('web-1', space, ['delete', 'web', '--confirm', 'web', '-o', 'json']),
      130,
    );
    await space.untilPodGone('web-1');
    for (const line of [resumeCommand, cancelCommand]) expectEnd(await space.line(`${line} --dry-run`), 0);
    const plan = planOf(await space.line(`${resumeCommand} --dry-run -o json`));
    expect(plan.resume).toMatchObject({ phase: 'stopped', summary: expect.stringMatching(/interrupted\): 1 of 2 Pods left to delete$/) });
    expect(plan.changes).toContainEqual({ kind: 'Pod', name: 'web-1', before: 'missing', after: 'already removed' });
    expect(blocking(plan.findings)).toEqual([]);
  });
});
