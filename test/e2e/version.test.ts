import { describe, expect } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { documentOf, expectEnd } from '../support/documents.ts';
import { inSandbox, test } from '../support/namespace.ts';

interface Versions {
  readonly clientVersion: { readonly gitVersion: string; readonly nodeVersion: string };
  readonly serverVersion?: { readonly gitVersion: string };
}

describe.concurrent('version', () => {
  test("tells the plugin's and the server's", async ({ space }) => {
    const { stdout } = await space.run('version');
    expect(stdout).toMatch(new RegExp(`^Client Version: v${manifest.version}$`, 'm'));
    expect(stdout).toMatch(/^Server Version: v1\.\d+\.\d+/m);
    const { clientVersion, serverVersion } = documentOf<Versions>((await space.run('version', '-o', 'json')).stdout, 'Version');
    expect(clientVersion.gitVersion).toBe(`v${manifest.version}`);
    expect(stdout).toContain(serverVersion?.gitVersion);
    documentOf((await space.run('version', '-o', 'yaml')).stdout, 'Version', 'yaml');
  });

  test.skipIf(!inSandbox)('--client asks no server', async ({ space }) => {
    expectEnd(await space.run('version', '--client'), 0);
    expect(await space.requests()).toEqual([]);
  });

  test('tells its own where there is no server, and fails', async ({ space }) => {
    const { exitCode, stdout, stderr } = await space.run('version', '--server=https://127.0.0.1:1');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('Client Version: v')]);
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
  });
});

describe.concurrent('what needs no cluster', () => {
  test('help of every command, and the exit codes', async ({ space }) => {
    const { stdout } = await space.run('--help');
    for (const word of ['status', 'scale', 'delete', 'restore', 'cancel', 'operations', 'explain', '130']) expect(stdout).toContain(word);
    expect((await space.run('options')).stdout).toContain('--kubeconfig FILE');
    for (const command of ['status', 'scale', 'delete', 'restore', 'cancel', 'operations', 'explain', 'version']) {
      const help = await space.run(command, '-h');
      expectEnd(help, 0);
      expect(help.stdout).toContain(`kubectl sts-safe ${command}`);
    }
  });

  test('explain lists every finding, and explains each', async ({ space }) => {
    const { stdout } = await space.runWith({ kubeconfig: '/nowhere' }, 'explain');
    expect(stdout).toContain('hpa-targets-set');
    const { items } = documentOf<{ items: { id: string }[] }>((await space.run('explain', '-o', 'json')).stdout, 'ExplanationList');
    expect(items.length).toBeGreaterThan(20);
    const page = await space.run('explain', 'claim-shared');
    expectEnd(page, 0);
    const { exitCode, stderr } = await space.run('explain', 'claim-shard');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('did you mean claim-shared?')]);
  });
});
