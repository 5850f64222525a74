import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GoMissing, goVersion } from '../build/toolchain.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/** The only folder on the PATH. */
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'sts-go-'));
  vi.stubEnv('PATH', path);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path, { recursive: true, force: true });
});

function installGo(says: string): void {
  const file = join(path, 'go');
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
}

/** Runs a program of ours as a person without a newer Go would, and answers what it says. */
async function says(...args: string[]): Promise<string> {
  const env = { PATH: path, STS_SAFE_SANDBOX_STATE: path, HOME: path };
  const { stderr } = await run(process.execPath, args, { cwd: root, env }).catch((error: { stderr: string }) => error);
  return stderr;
}

describe('the compiler', () => {
  it.each([
    ['go version go1.26 linux/amd64', '1.26 linux/amd64'],
    ['go version go1.26.8 linux/arm64', '1.26.8 linux/arm64'],
    ['go version go1.30rc1 darwin/arm64', '1.30rc1 darwin/arm64'],
    ['go version go2.0 linux/amd64', '2.0 linux/amd64'],
  ])('will do: %s', async (output, version) => {
    installGo(output);
    expect(await goVersion()).toBe(version);
  });

  it.each([
    ['go version go1.25.9 linux/amd64', 'the Go here (1.25.9) is too old'],
    ['go version go1.9 linux/amd64', 'the Go here (1.9) is too old'],
    ['go version devel', 'the Go here (go version devel) is too old'],
  ])('is too old: %s', async (output, problem) => {
    installGo(output);
    await expect(goVersion()).rejects.toThrow(`The sandbox compiles Kubernetes, and ${problem}: install Go >= 1.26`);
    await expect(goVersion()).rejects.toBeInstanceOf(GoMissing);
  });

  it('is missing', async () => {
    await expect(goVersion()).rejects.toThrow(/^The sandbox compiles Kubernetes, and there is no Go here: install Go >= 1\.26$/);
  });
});

describe('without it', () => {
  it('the sandbox says what to install, and names nothing that does not help', async () => {
    expect(await says('sandbox/cli.ts', 'up')).toBe('The sandbox compiles Kubernetes, and there is no Go here: install Go >= 1.26\n');
  });

  it('the demo names the way to play it on a cluster that is there', async () => {
    installGo('go version go1.20 linux/amd64');
    expect(await says('tools/demo.ts')).toBe(
      'demo failed: The sandbox compiles Kubernetes, and the Go here (1.20) is too old: install Go >= 1.26, or play it on a cluster that you have: npm run demo -- --context NAME\n',
    );
  });

  it('the end-to-end tests name the way to run them on a cluster that is there', async () => {
    const setup = join(root, 'test/support/sandbox-setup.ts');
    const asked = `import setup from ${JSON.stringify(setup)}; await setup({ provide() {} }).catch((error) => console.error(error.message));`;
    expect(await says('--input-type=module', '-e', asked)).toContain(
      'there is no Go here: install Go >= 1.26, or run them on a cluster that you have: STS_SAFE_TEST_CONTEXT=NAME npm run test:e2e\n',
    );
  });
});
