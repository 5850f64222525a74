import { describe, expect } from 'vitest';
import type { Volume } from '../../src/domain/kube.ts';
import { RECORD_ANNOTATION } from '../../src/domain/stored.ts';
import { blocking, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';

/** What is said to be verified is what is so: a second after the last step, by a read of its own. */

const confirmed = ['delete', 'web', '--confirm', 'web', '-o', 'json'];

/**
 * Runs the plugin, and lets something happen right before the first read of this path that comes after this write: the read at
 * the end. What happens is over before the server hears of the read.
 */
async function meanwhile(space: Space, args: readonly string[], at: { write: RegExp; read: RegExp }, happens: () => Promise<unknown>) {
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  let pending = true;
  proxy.hooks = {
    read: async (path) => {
      const isLast = proxy.writes.some(({ method, path: to, status }) => status === 200 && at.write.test(`${method} ${to}`));
      if (!pending || !isLast || !at.read.test(path)) return;
      pending = false;
      await happens();
    },
  };
  const run = await space.runWith({ kubeconfig: proxy.kubeconfig }, ...args);
  proxy.close();
  expect(pending, 'nothing happened').toBe(false);
  return resultOf(run, 4);
}

describe.concurrent('the result is read at the end', () => {
  test('a set that another client creates again is no deleted set: 4, who did it, and nothing to resume', async ({ space }) => {
    const { spec } = await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    // A GitOps tool that does not force: it applies its manifest when the set is not there.
    const bot = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' }, spec };
    const result = await meanwhile(space, confirmed, { write: /DELETE .*\/statefulsets\/web/, read: /\/statefulsets\/web$/ }, () =>
      space.api.create(`${space.sets}?fieldManager=deploy-bot`, bot),
    );
    expect(result.message).toMatch(
      /^StatefulSet web deleted, but another client created StatefulSet web again \(field manager deploy-bot\); it uses the PVCs/,
    );
    expect(result).toMatchObject({ outcome: 'failed', remaining: [], verified: [] });
    expect([result.resumeCommand, result.cancelCommand]).toEqual([undefined, undefined]);
    await space.ready();
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('a Pod that is replaced in the meantime is not one that stayed: 4, and which; else it says what it saw', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const before = await census(space);
    const scaled = ['scale', 'web', '--replicas', '2', '--yes', '-o', 'json'];
    const result = await meanwhile(space, scaled, { write: /PATCH .*\/statefulsets\/web/, read: /\/pods\?/ }, async () => {
      const { uid } = (await space.pod('web-0')).metadata;
      await space.api.delete(space.path('pods', 'web-0'));
      await space.untilPod('web-0', ({ metadata }) => metadata.uid !== uid, 'is another one');
    });
    expect(result.message).toMatch(/^StatefulSet web scaled to 2, but Pod web-0 was replaced \(it has another UID\)/);
    expect(result).toMatchObject({ remaining: [], verified: [] });
    const { metadata } = await space.ready();
    expect(metadata.annotations?.[RECORD_ANNOTATION]).toBeUndefined();
    await assertOnlyTouched(space, before, ['web-0', 'web-2']);
    expect(resultOf(await space.run('scale', 'web', '--replicas', '4', '--yes', '-o', 'json'), 0).verified).toEqual([
      '2 new Pods are Ready: web-2, web-3',
      '3 PVCs unchanged (same UID and phase)',
      '1 PVC was created: data-web-3',
    ]);
  });
});

describe.concurrent('a namespace that is being deleted', () => {
  test('ends a delete with 4, keeps it from being begun or resumed, and says how to keep the data', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const volumes = (await space.claims()).map(({ spec }) => spec.volumeName ?? '');
    // The namespace stays Terminating for as long as a Pod of it does.
    await space.holdPod('web-0');
    await space.holdPod('web-2');
    const running = space.run(...confirmed);
    await space.untilTerminating('web-2');
    await space.api.delete(`/api/v1/namespaces/${space.namespace}`);
    const result = resultOf(await running, 4);
    expect(result.message).toContain(`namespace ${space.namespace} is Terminating: everything in it will be destroyed`);
    expect([result.outcome, result.verified, blocking(result.findings)]).toEqual(['failed', [], ['namespace-terminating']]);
    const patched = result.findings
      .flatMap(({ remedies }) => remedies)
      .flatMap((remedy) => (remedy.do === 'kubectl' && remedy.args[0] === 'patch' ? [remedy] : []));
    expect(new Set(patched.map(({ args }) => args[2]))).toEqual(new Set(volumes));

    const status = await space.run('status', 'web');
    expect(status.stdout).toMatch(/^StatefulSet web: Terminating$/m);
    expect(status.stdout).toContain(`namespace ${space.namespace} is Terminating`);
    for (const args of [confirmed, ['cancel', 'web', '--yes', '-o', 'json']])
      expect([args[0], blocking(refusalOf(await space.run(...args)).findings)]).toEqual([args[0], ['namespace-terminating']]);
    await keepsTheData(space, volumes[0] ?? '');
  });

  test('keeps one from being begun, and without the right to read it only warns', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { kubeconfig } = await space.restricted();
    const dry = ['delete', 'web', '--dry-run', '-o', 'json'];
    const unread = await space.runWith({ kubeconfig }, ...dry);
    expectEnd(unread, 0);
    expect(unread.stdout).toContain(`cannot get namespaces ${space.namespace} (forbidden)`);
    await space.holdPod('web-0');
    await space.api.delete(`/api/v1/namespaces/${space.namespace}`);
    await space.untilTerminating('web-0');
    expect(blocking(refusalOf(await space.run(...dry)).findings)).toEqual(['namespace-terminating']);
    expectEnd(await space.run(...confirmed), 3);
    await space.expectNoWrites();
  });
});

/** The printed command is one that works, and says what becomes of the volume. */
async function keepsTheData(space: Space, volume: string): Promise<void> {
  const shown = await space.run('delete', 'web', '--confirm', 'web');
  const line = (shown.stdout + shown.stderr).split('\n').find((text) => text.includes(`kubectl patch pv ${volume} `)) ?? '';
  expectEnd(await space.line(line.slice(line.indexOf('kubectl'))), 0);
  const path = `/api/v1/persistentvolumes/${volume}`;
  expect((await space.api.get<Volume>(path)).spec.persistentVolumeReclaimPolicy).toBe('Retain');
  await space.api.patch(path, { spec: { persistentVolumeReclaimPolicy: 'Delete' } });
}
