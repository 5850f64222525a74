import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readArguments, UsageError } from '../../../tools/demo/arguments.ts';
import { clusterStage } from '../../../tools/demo/cluster.ts';
import { withoutCompiler } from '../../../tools/demo/contexts.ts';

describe("the demo's arguments", () => {
  it.each([
    ['', { keep: false, real: false, help: false }],
    ['--keep --real', { keep: true, real: true, help: false }],
    ['--context kind-kind', { keep: false, real: false, help: false, cluster: { context: 'kind-kind' } }],
    [
      '--context=a --kubeconfig f --image i:1 --keep',
      { keep: true, real: false, help: false, cluster: { context: 'a', kubeconfig: 'f', image: 'i:1' } },
    ],
    ['-h', { keep: false, real: false, help: true }],
  ])('%s', (line, expected) => {
    expect(readArguments(line.split(' ').filter(Boolean))).toEqual(expected);
  });

  it.each([
    ['--context', /argument missing/],
    ['--context=', /^--context needs a value\.$/],
    ['--kubeconfig f', /^--kubeconfig is about --context: add it\.$/],
    ['--image i', /^--image is about --context: add it\.$/],
    ['--context a --real', /take one of them\.$/],
    ['--contxt a', /Unknown option '--contxt'/],
    ['kind', /Unexpected argument 'kind'/],
  ])('%s is wrong', (line, message) => {
    expect(() => readArguments(line.split(' '))).toThrow(UsageError);
    expect(() => readArguments(line.split(' '))).toThrow(message);
  });
});

describe('the demo on a cluster that is there', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sts-demo-'));
    vi.stubEnv('PATH', folder);
    vi.stubEnv('KUBECONFIG', '/nowhere');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A kubectl that answers every question with this. */
  function installKubectl(answer: object): void {
    const file = join(folder, 'kubectl');
    writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(file, 0o755);
  }

  it('says that there is no kubectl', async () => {
    await expect(clusterStage({ context: 'a' }, false, folder)).rejects.toThrow(/^There is no kubectl on the PATH: install it/);
  });

  it('names the clusters on this machine to whoever would rather not wait for the compiler', async () => {
    const without = 'On a cluster that you have, none of this is needed: npm run demo -- --context NAME';
    expect(await withoutCompiler({ PATH: folder })).toBe(without);
    installKubectl({ contexts: ['kind-dev', 'prod', 'minikube', 'akind'].map((name) => ({ name })) });
    expect(await withoutCompiler({ PATH: folder })).toBe(`${without}; on this machine you have kind-dev, minikube`);
  });

  it('says that there is no such context, and which there are', async () => {
    const contexts = ['kind-kind', 'prod'].map((name) => ({ name, context: { cluster: name, user: name } }));
    installKubectl({ contexts });
    await expect(clusterStage({ context: 'prdo' }, false, folder)).rejects.toThrow(
      'There is no context "prdo" in /nowhere; there are: kind-kind, prod.',
    );
    installKubectl({ contexts: null });
    await expect(clusterStage({ context: 'a', kubeconfig: '/some/file' }, false, folder)).rejects.toThrow(
      'There is no context "a" in /some/file; there is none.',
    );
  });

  it('says that there would be no volumes, before it makes anything', async () => {
    installKubectl({ contexts: [{ name: 'a', context: {} }], items: [{ metadata: {} }] });
    const stage = await clusterStage({ context: 'a' }, true, folder);
    await expect(stage.play()).rejects.toThrow('The cluster of context a has no default StorageClass');
    await stage.end();
  });
});
