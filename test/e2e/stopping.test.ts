import { describe, expect } from 'vitest';
import { blocking, eventsOf, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft, recordAndWorldAgree } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { type Verdict, WriteProxy } from '../support/proxy.ts';
import { interruptedAt, openRecordOf } from '../support/records.ts';

const down = ['scale', 'web', '--replicas=1', '--yes'];

describe.concurrent('stopped on the way down', () => {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 4],
    ['SIGHUP', 4],
  ] as const) {
    test(`by ${signal}, it holds the set, lists what is done and what remains, and both ways on`, async ({ space }) => {
      await space.applySet({ replicas: 4 });
      await space.mark();
      const before = await census(space);
      const run = await interruptedAt('web-3', space, [...down, '-o', 'json'], signal);
      const result = resultOf(run, exitCode);
      expect(result).toMatchObject({
        outcome: 'stopped',
        done: ['archive'],
        remaining: ['scale-down/3', 'scale-down/2', 'scale-down/1', 'finish'],
      });
      expect(result.message).toContain('the StatefulSet stays at its current size');
      await recordAndWorldAgree(space);
      expect(await openRecordOf(space)).toMatchObject({ phase: 'stopped', cursor: 'scale-down/3', kind: 'scale' });
      await space.untilPodGone('web-3');
      await space.barrier();
      expect((await space.set()).spec.replicas).toBe(3);
      await assertOnlyTouched(space, before, ['web-3']);

      // The printed line goes on as it stands, from anywhere.
      const on = await space.line(`${result.resumeCommand} --yes -o json`);
      expect(resultOf(on, 0).done).toEqual(['archive', 'scale-down/3', 'scale-down/2', 'scale-down/1', 'finish']);
      await assertNoClaimLost(space, before);
      await nothingOfOursLeft(space);
      expect(await space.podNames()).toEqual(['web-0']);
    });
  }

  test('it goes back by the printed line', async ({ space }) => {
    await space.applySet({ replicas: 4 });
    await space.mark();
    const before = await census(space);
    const { cancelCommand } = resultOf(await interruptedAt('web-2', space, [...down, '-o', 'json']), 130);
    expectEnd(await space.line(`${cancelCommand} --yes`), 0);
    await space.ready();
    expect((await space.set()).spec.replicas).toBe(4);
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, ['web-2', 'web-3']);
    await nothingOfOursLeft(space);
  });

  test('a second Ctrl-C leaves at once, and the same command resumes it', async ({ space }) => {
    await space.applySet({ replicas: 4 });
    const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
    await space.holdPod('web-3');
    const plugin = space.start(down, { kubeconfig: proxy.kubeconfig });
    await space.untilTerminating('web-3');
    const held = Promise.withResolvers<void>();
    const stuck = Promise.withResolvers<void>();
    // Its orderly end hangs at the server: the note that it has stopped.
    proxy.hooks = {
      before: async (): Promise<Verdict> => {
        stuck.resolve();
        await held.promise;
        return 'drop';
      },
    };
    plugin.kill('SIGINT');
    await stuck.promise;
    plugin.kill('SIGINT');
    const run = await plugin.ended;
    held.resolve();
    proxy.close();
    await space.freePod('web-3');
    expectEnd(run, 130);
    expect(run.stderr).toMatch(/exited immediately; .* can be resumed · resume: kubectl sts-safe scale web --replicas 1 /);
    expectEnd(await space.run(...down), 0);
    expect(await space.podNames()).toEqual(['web-0']);
    await nothingOfOursLeft(space);
  });

  test('while the server is away, Ctrl-C does not wait for it', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
    proxy.hooks = { before: ({ path }): Verdict => (path.includes('/statefulsets/') ? 'drop' : 'pass') };
    const plugin = space.start(['scale', 'web', '--replicas=1', '--yes', '-o', 'json'], { kubeconfig: proxy.kubeconfig });
    await plugin.sees(/the API server does not answer .*trying again/);
    const before = proxy.writes.length;
    plugin.kill('SIGINT');
    const run = await plugin.ended;
    const after = proxy.writes.length;
    proxy.close();
    expect(resultOf(run, 130).remaining).toContain('scale-down/1');
    // What was under way, and its orderly end.
    expect(after - before).toBeLessThanOrEqual(3);
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    await nothingOfOursLeft(space);
  });

  test('a PVC that is lost before it goes on is told of, and only overridden with --allow', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await interruptedAt('web-2', space, ['delete', 'web', '--confirm', 'web']);
    await space.untilPodGone('web-2');
    await space.api.delete(space.path('persistentvolumeclaims', 'data-web-2'));
    await space.untilClaims((claims) => !claims.has('data-web-2'), 'data-web-2 is gone');
    const again = ['delete', 'web', '--confirm', 'web', '-o', 'json'];
    const refused = await space.run(...again);
    expect(blocking(refusalOf(refused).findings)).toEqual(['claim-missing']);
    expect(refused.stderr).toContain('data-web-2');
    expect(await space.podNames()).toEqual(['web-0', 'web-1']);
    expectEnd(await space.run(...again, '--allow', 'claim-missing'), 0);
    expect(await space.findSet()).toBeUndefined();
    await nothingOfOursLeft(space);
  });

  test('by --timeout or --step-timeout, it says for what it had waited', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.holdPod('web-1');
    const one = resultOf(await space.run('scale', 'web', '--replicas=0', '--yes', '--step-timeout=2s', '-o', 'json'), 4);
    expect(one).toMatchObject({ outcome: 'failed', remaining: ['scale-down/1', 'scale-down/0', 'finish'] });
    expect(one.message).toMatch(/step scale-down\/1 \(remove member web-1\) did not end within 2s: web-1 is terminating/);
    const whole = resultOf(await space.run('scale', 'web', '--replicas=0', '--yes', '--timeout=2s', '-o', 'json'), 4);
    expect(whole.message).toContain('--timeout of 2s is over');
    await space.freePod('web-1');
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--yes'), 0);
  });
});

describe.concurrent('another client changes the set in the meantime: it stops and says what', () => {
  async function whileWaiting(space: Space, change: () => Promise<unknown>, args = down) {
    await space.applySet({ replicas: 4 });
    await space.holdPod('web-3');
    const plugin = space.start([...args, '-o', 'json']);
    await space.untilTerminating('web-3');
    await change();
    const run = await plugin.ended;
    await space.freePod('web-3');
    return resultOf(run, 4);
  }

  test('its replicas', async ({ space }) => {
    const { message, remaining } = await whileWaiting(space, () => space.scaleTo(4));
    expect(message).toMatch(/replicas of StatefulSet web is 4, we had set 3/);
    expect(remaining).toContain('scale-down/2');
    await space.ready();
  });

  test('its retention policy, by which the next members would take their PVCs with them', async ({ space }) => {
    await space.applySet({ replicas: 4 });
    await space.mark();
    const before = await census(space);
    await space.holdPod('web-3');
    const plugin = space.start(['delete', 'web', '--confirm', 'web', '-o', 'json']);
    await space.untilTerminating('web-3');
    await space.patchSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } } });
    // It stops at once, while the one that leaves is still there.
    expect(resultOf(await plugin.ended, 4).message).toContain('persistentVolumeClaimRetentionPolicy of StatefulSet web is');
    await space.freePod('web-3');
    await space.untilPodGone('web-3');
    expect(await space.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
    // And sets the policy back: later nobody could save the claim of the one that leaves.
    expect((await space.set()).spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    await space.barrier();
    await assertNoClaimLost(space, before);
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    await assertNoClaimLost(space, before);
  });

  test('its record', async ({ space }) => {
    const { message } = await whileWaiting(space, () => space.patchSet({ metadata: { annotations: { 'sts-safe.dev/operation': null } } }));
    expect(message).toMatch(/the operation record was removed from StatefulSet web by another client/);
  });

  test('its existence', async ({ space }) => {
    const { message } = await whileWaiting(space, () => space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan' }));
    expect(message).toMatch(/StatefulSet web (was|is being) deleted by another client/);
  });

  test('its existence and its like: another set of that name', async ({ space }) => {
    const { message } = await whileWaiting(space, async () => {
      await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan' });
      await space.untilSetGone();
      await space.api.delete(space.path('services', 'web'));
      await space.createSet();
    });
    expect(message).toMatch(/by another client/);
  });
});

describe.concurrent('another client applies the set while a deletion is held', () => {
  const gone = ['delete', 'web', '--confirm', 'web'];
  const template = (image: string) => ({ spec: { containers: [{ name: 'main', image }] } });

  test('it neither goes on over their change nor archives the older one; cancel says what it overwrites', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.mark();
    const before = await census(space);
    await interruptedAt('web-2', space, [...gone, '-o', 'json'], 'SIGINT');
    await space.untilPodGone('web-2');
    await space.patchSet({ spec: { replicas: 4, template: template('app:2') } });
    const refused = await space.run(...gone, '-o', 'json');
    expect(blocking(refusalOf(refused).findings)).toEqual(['replicas-changed', 'archive-outdated']);
    expect((await space.set()).spec.replicas).toBe(4);
    // A number that went back is no obstacle any more; the other archive is.
    await space.scaleTo(2);
    expect(blocking(refusalOf(await space.run(...gone, '-o', 'json')).findings)).toEqual(['archive-outdated']);
    await space.scaleTo(4);
    const cancelled = await space.run('cancel', 'web', '--yes');
    expectEnd(cancelled, 0);
    expect(cancelled.stderr).toContain('another client has set replicas to 4 since; the operation had left it at 2');
    await space.ready();
    expect((await space.set()).spec.replicas).toBe(3);
    expectEnd(await space.run(...gone), 0);
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    expect((await space.set()).spec.template.spec.containers[0]?.image).toBe('app:2');
    await assertNoClaimLost(space, before);
    // Not all of it: the controller copies the set's annotations, our record too, to the revision that it makes of a template.
    expect(JSON.parse((await space.run('operations', '-o', 'json')).stdout)).toMatchObject({ items: [] });
  });

  test('while it works it stops at once', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.holdPod('web-2');
    const plugin = space.start([...gone, '-o', 'json']);
    await space.untilTerminating('web-2');
    await space.patchSet({ spec: { template: template('app:2') } });
    expect(resultOf(await plugin.ended, 4).message).toContain('was changed by another client after it was archived');
    await space.freePod('web-2');
    expectEnd(await space.run(...gone, '--allow', 'archive-outdated'), 0);
  });
});

describe.concurrent('stopped on the way up', () => {
  test('the controller goes on, and it says so', async ({ space }) => {
    await space.applySet({ replicas: 1, podAnnotations: { 'sandbox/ready-delay': '2s' } });
    const plugin = space.start(['scale', 'web', '--replicas=3', '--yes', '-o', 'json']);
    await Promise.race([space.untilPod('web-1', () => true, 'is there'), plugin.ended]);
    plugin.kill('SIGINT');
    const result = resultOf(await plugin.ended, 130);
    expect(result.message).toContain('the controller keeps scaling');
    await space.ready();
    expectEnd(await space.line(`${result.resumeCommand} --yes`), 0);
    await nothingOfOursLeft(space);
  });
});

describe.concurrent('between a creation and what it needs', () => {
  test('Ctrl-C waits, and says so: the set that restore creates is not left half made', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
    const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    proxy.hooks = {
      before: async ({ method, path }): Promise<Verdict> => {
        if (method !== 'POST' || !path.includes('/statefulsets')) return 'pass';
        arrived.resolve();
        await go.promise;
        return 'pass';
      },
    };
    const plugin = space.start(['restore', 'web', '--yes', '-o', 'json'], { kubeconfig: proxy.kubeconfig });
    await arrived.promise;
    plugin.kill('SIGINT');
    await plugin.sees(/cannot be interrupted/);
    // Not even the second one leaves here.
    plugin.kill('SIGINT');
    go.resolve();
    const result = resultOf(await plugin.ended, 130);
    proxy.close();
    expect(result.done).toContain('create-set');
    expect(result.message).toContain('the StatefulSet stays at its current size');
    expect(result.cancelCommand).toContain('sts-safe cancel web');
    expect((await space.set()).spec.replicas).toBe(0);
    expectEnd(await space.line(`${result.resumeCommand} --yes`), 0);
    await space.ready();
    await nothingOfOursLeft(space);
  });
});

describe.concurrent('a section that cannot be interrupted', () => {
  test('has not begun when the API server goes silent right before it: Ctrl-C ends, and both ways are told', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
    const [arrived, never] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    // Its note in the index is made; the read before the creation is not answered any more, nor is anything else.
    const silent = async (method: string, path: string): Promise<void> => {
      if (method === 'GET' && path.includes('/statefulsets/web')) arrived.resolve();
      await never.promise;
    };
    proxy.hooks = {
      after: (): Verdict => {
        proxy.hooks = { other: silent, before: ({ method, path }) => silent(method, path).then(() => 'drop') };
        return 'pass';
      },
    };
    const plugin = space.start(['restore', 'web', '--yes', '-o', 'json', '--progress', 'json'], { kubeconfig: proxy.kubeconfig });
    await arrived.promise;
    plugin.kill('SIGINT');
    const run = await plugin.ended;
    proxy.close();
    const result = resultOf(run, 130);
    const events = eventsOf(run.stderr).map((event) => ('id' in event ? `${event.type} ${event.id}` : event.type));
    expect(events).toContain('step-started create-set');
    expect(events).not.toContain('stop-deferred');
    expect(result.done).toEqual(['take']);
    expect(await space.findSet()).toBeUndefined();
    expectEnd(await space.line(`${result.cancelCommand} --yes`), 0);
    await nothingOfOursLeft(space);
  });

  test('puts --timeout off as it does Ctrl-C', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
    const go = Promise.withResolvers<void>();
    let tries = 0;
    // The first one is lost, by the time that all is over: in the section it is sent again.
    proxy.hooks = {
      before: async ({ method, path }): Promise<Verdict> => {
        if (method !== 'POST' || !path.includes('/statefulsets')) return 'pass';
        tries += 1;
        await go.promise;
        return tries === 1 ? 'drop' : 'pass';
      },
    };
    const plugin = space.start(['restore', 'web', '--yes', '--timeout=5s', '-o', 'json'], { kubeconfig: proxy.kubeconfig });
    await plugin.sees(/cannot be interrupted, \d+s left/);
    go.resolve();
    const result = resultOf(await plugin.ended, 4);
    proxy.close();
    expect(result.message).toContain('--timeout of 5s is over');
    expect(result.done).toEqual(['take', 'create-set']);
    expectEnd(await space.line(`${result.cancelCommand} --yes`), 0);
    await nothingOfOursLeft(space);
  });
});

describe.concurrent('a write that the server rejects', () => {
  test('before anything was changed: its sentence, and nothing is left open', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.api.create(space.path('resourcequotas'), { metadata: { name: 'none' }, spec: { hard: { 'count/secrets': '0' } } });
    await space.api.until(
      space.path('resourcequotas'),
      (all) => JSON.stringify(all.get('none') ?? {}).includes('"used":{'),
      'the quota counts',
    );
    const run = await space.run(...down);
    expectEnd(run, 3);
    expect(run.stderr).toContain('exceeded quota');
    expect((await space.set()).spec.replicas).toBe(2);
    await nothingOfOursLeft(space);
  });

  test('at its first change: refused, nothing is left open, and it can be begun again when the reason is gone', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    await noMoreSets(space);
    const run = await space.run('restore', 'web', '--yes');
    expectEnd(run, 3);
    expect(run.stderr).toContain('exceeded quota');
    expect(await space.findSet()).toBeUndefined();
    await nothingOfOursLeft(space);
    await space.api.delete(space.path('resourcequotas', 'none'));
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    await space.ready();
    await nothingOfOursLeft(space);
  });

  test('part-way: held, and the printed line goes on when the reason is gone', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web', '--with-service'), 0);
    await noMoreSets(space);
    // The Service is there again by then.
    const result = resultOf(await space.run('restore', 'web', '--yes', '-o', 'json'), 4);
    expect(result).toMatchObject({ outcome: 'failed', done: ['take', 'create-service/web'] });
    expect(result.message).toContain('exceeded quota');
    expect(await space.findSet()).toBeUndefined();
    expect(await openRecordOf(space)).toMatchObject({ kind: 'restore', phase: 'stopped', cursor: 'create-set' });
    await space.api.delete(space.path('resourcequotas', 'none'));
    expectEnd(await space.line(`${result.resumeCommand} --yes`), 0);
    await space.ready();
    await nothingOfOursLeft(space);
  });
});

async function noMoreSets(space: Space): Promise<void> {
  await space.api.create(space.path('resourcequotas'), { metadata: { name: 'none' }, spec: { hard: { 'count/statefulsets.apps': '0' } } });
  await space.api.until(
    space.path('resourcequotas'),
    (all) => JSON.stringify(all.get('none') ?? {}).includes('"used":{'),
    'the quota counts',
  );
}
