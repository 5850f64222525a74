import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBinaries } from '../../build/binaries.ts';
import { defaultMinor } from '../../build/modules.ts';
import { plainReporter } from '../../build/reporter.ts';
import { down } from '../../client/handle.ts';
import { launch } from '../../client/launch.ts';
import { knownFolders, sweep } from '../../client/sweep.ts';
import type { BootOptions } from '../../control-plane/options.ts';
import { folderOf } from '../../host/folder.ts';
import { type Sandbox, up } from '../../index.ts';
import { ensureParts } from '../../real/ensure.ts';
import { cgroupName } from '../../real/layout.ts';
import type { RealParts } from '../../real/parts.ts';
import { apply, kubectl, waitFor } from '../support/kubectl.ts';
import { cgroupsNamed, tracesOnMachine } from '../support/machine.ts';
import { pod } from '../support/objects.ts';
import { describeReal } from '../support/real.ts';
import { ownStateRoot, processesOf } from '../support/state.ts';

const root = ownStateRoot();

/** What the cgroups of a sandbox have in their names. */
const markOf = (name: string): string => cgroupName(folderOf(name), 0).replace('-node-0', '');

const busybox = (name: string) => pod(name, { image: 'sandbox.local/busybox:1' });

describeReal('a sandbox with real nodes', () => {
  let options: BootOptions;
  beforeAll(async () => {
    const report = plainReporter(() => {});
    const [binaries, real] = [await ensureBinaries(report), await ensureParts(report, defaultMinor)];
    options = { name: 'broken', nodes: 1, minor: defaultMinor, profile: 'calm', controllerQps: 100, lifetime: 'owned', binaries, real };
  });

  // A test that failed may have left one that is detached, and cgroups that only its folder tells of.
  afterAll(async () => {
    for (const folder of knownFolders()) await down(folder);
  });

  it('comes up beside one with played nodes, and leaves nothing on the machine', async () => {
    const before = tracesOnMachine(markOf('whole'));
    const [sandbox, played] = await Promise.all([
      up({ name: 'whole', real: true, nodes: 2, lifetime: 'owned' }),
      up({ name: 'played', nodes: 1, lifetime: 'owned' }),
    ]);
    await apply(sandbox, { ...busybox('shell'), spec: sleeping });
    await waitFor(sandbox, 'pod/shell', 'condition=Ready');
    expect(await kubectl(sandbox, 'exec', 'shell', '--', 'hostname')).toBe('shell\n');
    expect(await kubectl(played, 'get', 'nodes', '-o', 'name')).toBe('node/node-0\n');
    expect(cgroupsNamed(markOf('whole')).length).toBeGreaterThan(0);
    await refusesWhatNeedsMachines(played);
    await Promise.all([sandbox.down(), played.down()]);
    expect(tracesOnMachine(markOf('whole'))).toEqual(before);
    expect(processesOf(sandbox.dir)).toEqual([]);
    expect(existsSync(sandbox.dir)).toBe(false);
  });

  it('dies with its supervisor, and the next command sweeps what is left', async () => {
    const before = tracesOnMachine(markOf('orphan'));
    const sandbox = await up({ name: 'orphan', real: true, nodes: 2, lifetime: 'detached' });
    await apply(sandbox, { ...busybox('shell'), spec: sleeping });
    await waitFor(sandbox, 'pod/shell', 'condition=Ready');
    await sandbox.node(1).stop();
    process.kill((await sandbox.status()).pid, 'SIGKILL');
    await untilNoProcess(sandbox.dir);
    expect(await sweep(folderOf('orphan'))).toBe(true);
    expect(tracesOnMachine(markOf('orphan'))).toEqual(before);
    expect(existsSync(sandbox.dir)).toBe(false);
  });

  it('leaves nothing but its logs when a node does not boot', async () => {
    const broken = join(root, 'broken-kubelet');
    writeFileSync(broken, '#!/bin/sh\necho this is a broken containerd\nexit 3\n');
    chmodSync(broken, 0o755);
    const folder = folderOf('broken');
    const before = tracesOnMachine(markOf('broken'));
    const wrong: BootOptions = { ...options, real: { ...(options.real as RealParts), machine: broken } };
    await expect(
      launch(
        wrong,
        folder,
        plainReporter(() => {}),
      ),
    ).rejects.toThrow(/machine-0 ended before it was ready[\s\S]*this is a broken containerd/);
    await untilNoProcess(folder.dir);
    expect(tracesOnMachine(markOf('broken'))).toEqual(before);
    expect(await sweep(folder)).toBe(true);
  });
});

const sleeping = {
  terminationGracePeriodSeconds: 1,
  containers: [{ name: 'app', image: 'sandbox.local/busybox:1', command: ['sleep', '3600'] }],
};

async function refusesWhatNeedsMachines(played: Sandbox): Promise<void> {
  for (const verb of ['cut', 'join', 'off', 'on'] as const) {
    await expect(played.node(0)[verb]()).rejects.toThrow(
      `node ${verb} needs real nodes, and these are played by KWOK: start a sandbox with up --real.`,
    );
  }
}

/** The kernel ends the processes of a namespace after its first one, so a moment may pass. */
async function untilNoProcess(path: string): Promise<void> {
  for (let tries = 0; tries < 200 && processesOf(path).length > 0; tries++) await delay(50);
  expect(processesOf(path)).toEqual([]);
}
