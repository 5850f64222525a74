import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectEnd } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';

const fileOf = (name: string): string => join(import.meta.dirname, `../../examples/runbooks/${name}.yaml`);

/** A run of an example with these parameters, its journal in the test's folder. */
function line(space: Space, name: string, values: Readonly<Record<string, string>>, ...more: readonly string[]): readonly string[] {
  const journal = join(space.cluster.dir, `${name}-${space.namespace}.journal`);
  const set = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  return ['run', fileOf(name), ...set, '--journal', journal, ...more];
}

async function expectChecked(space: Space, name: string, values: Readonly<Record<string, string>>, planned: number): Promise<void> {
  const checked = await space.run(...line(space, name, values, '--check'));
  expectEnd(checked, 0);
  expect(checked.stdout).toMatch(new RegExp(`no problem; ${planned} planned`));
}

describe.skipIf(!inSandbox).concurrent('examples/runbooks', () => {
  test('replica-set-upgrade: each member steps down before it is replaced, and the set is complete before the next', async ({ space }) => {
    await space.applySet();
    await space.mark();
    const before = await census(space);
    const told = join(space.cluster.dir, `told-${space.namespace}`);
    writeFileSync(told, '');
    const values = {
      set: 'web',
      image: 'db=app:2',
      soak: '0s',
      stepDown: `command:echo "down $STS_SAFE_POD" >> ${told}`,
      agreed: `command:echo "asked $STS_SAFE_POD of $STS_SAFE_STATEFULSET in $STS_SAFE_CONTEXT" >> ${told}`,
    };
    await expectChecked(space, 'replica-set-upgrade', values, 1);
    expect(readFileSync(told, 'utf8')).toBe('');
    expectEnd(await space.run(...line(space, 'replica-set-upgrade', values, '--yes', '--approve', 'backup-is-complete')), 0);
    const asked = (pod: string): string => `asked ${pod} of web in ${space.cluster.context}`;
    const all = ['web-0', 'web-1', 'web-2'].map(asked);
    const members = ['web-2', 'web-1', 'web-0'].flatMap((pod) => [`down ${pod}`, asked(pod)]);
    expect(readFileSync(told, 'utf8').trim().split('\n')).toEqual([...all, ...members, ...all]);
    expect((await space.pods()).map((pod) => pod.spec.containers[0]?.image)).toEqual(['app:2', 'app:2', 'app:2']);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space, 'web', true);
  });

  test('failover-drill: the Pod is deleted in the namespace of the run, and replaced', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const before = await census(space);
    const values = { set: 'web', pod: 'web-1', agreed: 'command:true' };
    await expectChecked(space, 'failover-drill', values, 0);
    expectEnd(await space.run(...line(space, 'failover-drill', values, '--approve', 'everyone-knows')), 0);
    const after = await census(space);
    expect(after.pods.get('web-0')?.metadata.uid).toBe(before.pods.get('web-0')?.metadata.uid);
    expect(after.pods.get('web-1')?.metadata.uid).not.toBe(before.pods.get('web-1')?.metadata.uid);
    await assertNoClaimLost(space, before);
  });

  test('grow-volumes: every PVC is larger, and keeps its volume', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    const values = { set: 'web', size: '2Gi', within: '1m' };
    await expectChecked(space, 'grow-volumes', values, 1);
    const ran = await space.run(...line(space, 'grow-volumes', values, '--yes', '--approve', 'never-smaller-again'));
    expectEnd(ran, 0);
    expect((await space.claims()).map(({ status }) => status.capacity?.['storage'])).toEqual(['2Gi', '2Gi']);
    await assertNoClaimLost(space, before);
  });

  test('lost-node: a node that is alive is not fenced, whatever is attested', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const values = { set: 'web', node: (await space.pod('web-0')).spec.nodeName ?? '', attest: 'powered-off', evidence: 'BMC' };
    const checked = await space.run(...line(space, 'lost-node', values, '--check'));
    expectEnd(checked, 5);
    expect(checked.stdout).toMatch(/lost-node\.yaml:\d+:3: step fence: node-alive: /);
    const ran = await space.run(...line(space, 'lost-node', values, '--approve', 'evidence,machine-is-back'));
    expectEnd(ran, 3);
    await space.expectNoWrites();
  });
});
