import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { type Binaries, ensureBinaries } from '../build/binaries.ts';
import { plainReporter } from '../build/reporter.ts';
import { launch } from '../client/launch.ts';
import { sweep } from '../client/sweep.ts';
import { folderOf, userRoot } from '../host/folder.ts';
import { connect, type Sandbox, up } from '../index.ts';
import { kubectl } from './support/kubectl.ts';
import { ownStateRoot, processesOf } from './support/state.ts';

const root = ownStateRoot();

function answersTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The loopback ports that a sandbox's supervisor has claimed. */
function claimedPorts(pid: number): number[] {
  const dir = userRoot('.ports');
  return readdirSync(dir)
    .filter((file) => readFileSync(join(dir, file), 'utf8').startsWith(`${pid} `))
    .map(Number);
}

/** The kernel ends the components and closes their ports one after the other, so a moment may pass. */
async function expectNothingLeft(sandbox: Sandbox, ports: number[]): Promise<void> {
  const left = async () => {
    const open = await Promise.all(ports.map(answersTcp));
    return { processes: processesOf(sandbox.dir), ports: ports.filter((_, index) => open[index]) };
  };
  await expect.poll(left, { timeout: 10_000 }).toEqual({ processes: [], ports: [] });
}

describe('a sandbox', () => {
  it('comes up, answers, and leaves no process, port or folder', async () => {
    const lines: string[] = [];
    const sandbox = await up({ name: 'whole', lifetime: 'owned', onProgress: (line) => lines.push(line) });
    const { pid, bootMs, components } = await sandbox.status();
    const ports = claimedPorts(pid);
    expect(ports).toHaveLength(5 + 2 * 3);
    expect(bootMs).toBeLessThan(30_000);
    expect(components.map((it) => it.state)).toEqual(components.map(() => 'running'));
    expect(lines).toContain('starting etcd and the API server');
    expect(await kubectl(sandbox, 'get', 'nodes', '-o', 'name')).toBe('node/node-0\nnode/node-1\nnode/node-2\n');
    expect(await kubectl(sandbox, 'version', '-o', 'json')).toContain('"gitVersion": "v1.36.3"');
    expect(await kubectl(sandbox, 'config', 'current-context')).toBe('sandbox-whole\n');
    expect(processesOf(sandbox.dir)).toHaveLength(components.length + 1);

    await sandbox.down();
    await expectNothingLeft(sandbox, ports);
    expect(existsSync(sandbox.dir)).toBe(false);
    expect(claimedPorts(pid)).toEqual([]);
  });

  it('is one for two that start it at once, and stands beside another', async () => {
    const [first, again, other] = await Promise.all([
      up({ name: 'twin', nodes: 1, lifetime: 'owned' }),
      up({ name: 'twin', nodes: 1, lifetime: 'owned' }),
      up({ name: 'other', nodes: 1, lifetime: 'owned' }),
    ]);
    expect(again.server).toBe(first.server);
    expect(other.server).not.toBe(first.server);
    await kubectl(first, 'create', 'configmap', 'mine');
    await expect(kubectl(other, 'get', 'configmap', 'mine')).rejects.toThrow('NotFound');
    await first.down();
    expect(await kubectl(other, 'get', 'nodes', '-o', 'name')).toBe('node/node-0\n');
    await expect(connect('twin')).rejects.toThrow('The sandbox "twin" is not up');
    await other.down();
  });

  it('dies with its supervisor, hanging components too, and the next command sweeps the folder', async () => {
    const sandbox = await up({ name: 'orphan', nodes: 2, lifetime: 'detached' });
    const { pid } = await sandbox.status();
    const ports = claimedPorts(pid);
    if (process.platform === 'linux') await sandbox.node(1).stop();
    process.kill(pid, 'SIGKILL');
    await expectNothingLeft(sandbox, ports);
    expect(existsSync(sandbox.dir)).toBe(true);
    expect(await sweep(folderOf('orphan'))).toBe(true);
    expect(existsSync(sandbox.dir)).toBe(false);
  });

  it('dies with the process that owns it, and stays if it is detached', async () => {
    for (const lifetime of ['owned', 'detached'] as const) {
      const owner = spawn(process.execPath, [join(import.meta.dirname, 'support', 'owner.ts'), lifetime, lifetime], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
      expect(line).toBe('up');
      const sandbox = await connect(lifetime);
      const ports = claimedPorts((await sandbox.status()).pid);
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      if (lifetime === 'detached') {
        expect((await sandbox.status()).phase).toBe('ready');
        await sandbox.down();
      }
      await expectNothingLeft(sandbox, ports);
    }
    expect(readdirSync(root).filter((file) => !file.startsWith('.'))).toEqual([]);
  });

  it('tells the end of the log of a component that does not start', async () => {
    const options = { name: 'broken', nodes: 1, minor: '1.36', profile: 'calm', controllerQps: 100, lifetime: 'owned' } as const;
    const starting = launch({ ...options, binaries: await brokenBinaries() }, folderOf('broken'), silent);
    await expect(starting).rejects.toThrow(/kube-apiserver ended before it was ready[\s\S]*this is a broken API server/);
    expect(processesOf(join(root, 'broken'))).toEqual([]);
  });
});

/** The real binaries, but for an API server that ends at once. */
async function brokenBinaries(): Promise<Binaries> {
  const binaries = await ensureBinaries(silent);
  const kube = join(root, 'broken-kube');
  writeFileSync(kube, `#!/bin/sh\n[ "$1" = etcd ] && exec "${binaries.kube}" "$@"\necho this is a broken API server\nexit 3\n`);
  chmodSync(kube, 0o755);
  return { ...binaries, kube };
}

const silent = plainReporter(() => {});
