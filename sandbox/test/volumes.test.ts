import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, up } from '../index.ts';
import { apply, get, kubectl, waitFor } from './support/kubectl.ts';
import { claim, set } from './support/objects.ts';
import { ownStateRoot } from './support/state.ts';

ownStateRoot();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await up({ name: 'volumes', nodes: 1, lifetime: 'owned' });
});
afterAll(() => sandbox?.down());

interface Claim {
  spec: { volumeName: string };
}
interface Volume {
  spec: { hostPath: { path: string }; capacity: { storage: string }; persistentVolumeReclaimPolicy: string };
}

const bound = (name: string) => waitFor(sandbox, `pvc/${name}`, 'jsonpath={.status.phase}=Bound');

async function volumeOf(name: string): Promise<{ name: string; spec: Volume['spec'] }> {
  const volume = (await get<Claim>(sandbox, `pvc/${name}`)).spec.volumeName;
  return { name: volume, spec: (await get<Volume>(sandbox, `pv/${volume}`)).spec };
}

describe('a volume', () => {
  it('is a directory that appears with the claim and goes with it', async () => {
    await apply(sandbox, claim('mine'));
    await bound('mine');
    const { name, spec } = await volumeOf('mine');
    expect(spec.hostPath.path).toBe(join(sandbox.dir, 'volumes', name));
    writeFileSync(join(spec.hostPath.path, 'marker'), 'x');
    await kubectl(sandbox, 'delete', 'pvc', 'mine');
    await waitFor(sandbox, `pv/${name}`, 'delete');
    expect(existsSync(spec.hostPath.path)).toBe(false);
  });

  it('stays with its data when the class retains it', async () => {
    await apply(sandbox, claim('kept', 'sandbox-retain'));
    await bound('kept');
    const { name, spec } = await volumeOf('kept');
    writeFileSync(join(spec.hostPath.path, 'marker'), 'x');
    await kubectl(sandbox, 'delete', 'pvc', 'kept');
    await waitFor(sandbox, `pv/${name}`, 'jsonpath={.status.phase}=Released');
    expect(readdirSync(spec.hostPath.path)).toEqual(['marker']);
  });

  it('grows when its claim asks for more', async () => {
    await apply(sandbox, claim('grows'));
    await bound('grows');
    await kubectl(sandbox, 'patch', 'pvc', 'grows', '-p', '{"spec":{"resources":{"requests":{"storage":"3Gi"}}}}');
    await waitFor(sandbox, 'pvc/grows', 'jsonpath={.status.capacity.storage}=3Gi');
    expect((await volumeOf('grows')).spec.capacity.storage).toBe('3Gi');
  });

  it('of a member outlives its Pod and comes back to the same ordinal', async () => {
    await apply(sandbox, ...set('web', { replicas: 2, claims: true }));
    await waitFor(sandbox, 'statefulset/web', 'jsonpath={.status.readyReplicas}=2');
    const before = await volumeOf('data-web-1');
    await kubectl(sandbox, 'delete', 'pod', 'web-1');
    await waitFor(sandbox, 'statefulset/web', 'jsonpath={.status.readyReplicas}=2');
    expect((await volumeOf('data-web-1')).name).toBe(before.name);
    expect(basename(before.spec.hostPath.path)).toBe(before.name);
  });
});
