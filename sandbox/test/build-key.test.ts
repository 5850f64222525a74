import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildKey } from '../build/key.ts';
import { defaultMinor, type GoModule, goRoot, minors, modulesFor } from '../build/modules.ts';
import { fullVersion } from '../build/version.ts';

let root: string;
let module: GoModule;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sts-key-'));
  for (const name of ['lifeline', 'pki']) cpSync(join(goRoot, name), join(root, name), { recursive: true });
  module = { name: 'pki', dir: join(root, 'pki'), packages: ['.'], binaries: ['pki'], flags: ['-trimpath'] };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const key = (changed: Partial<GoModule> = {}, go = 'go1.26.8 linux/amd64') => buildKey({ ...module, ...changed }, go, root);

describe('the name of a build', () => {
  it('is the same for the same input, wherever it lies', () => {
    expect(key()).toBe(buildKey({ ...module, dir: join(goRoot, 'pki') }, 'go1.26.8 linux/amd64'));
    expect(key()).toMatch(/^pki-[0-9a-f]{16}$/);
  });

  it('changes with the compiler, the flags, a source, go.mod and the lifeline', () => {
    const keys = [key(), key({}, 'go1.26.9 linux/amd64'), key({ flags: ['-race'] })];
    for (const file of ['pki/main.go', 'pki/go.mod', 'lifeline/lifeline.go', 'pki/new.go']) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), '// changed', { flag: 'a' });
      keys.push(key());
    }
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('changes with what any module of its workspace requires', () => {
    writeFileSync(join(root, 'go.work'), 'go 1.26.0\n\nuse (\n\t./lifeline\n\t./pki\n)\n');
    const before = key();
    writeFileSync(join(root, 'lifeline', 'go.sum'), 'x');
    expect(key()).not.toBe(before);
    mkdirSync(join(root, 'alone'));
    const alone = key({ dir: join(root, 'alone') });
    writeFileSync(join(root, 'pki', 'go.sum'), 'x');
    expect(key({ dir: join(root, 'alone') })).toBe(alone);
  });

  it('does not change with notes, tests and other packages', () => {
    const before = key();
    writeFileSync(join(root, 'pki', 'README.md'), 'x');
    writeFileSync(join(root, 'pki', 'main_test.go'), 'package main');
    mkdirSync(join(root, 'pki', 'other-binary'));
    writeFileSync(join(root, 'pki', 'other-binary', 'main.go'), 'package main');
    expect(key()).toBe(before);
  });
});

describe('a minor', () => {
  it('has its folder and its full version in go.mod', () => {
    expect(minors()).toContain(defaultMinor);
    expect(fullVersion(defaultMinor)).toMatch(/^1\.36\.\d+$/);
    expect(() => fullVersion('1.1')).toThrow('There is no Kubernetes 1.1 in the sandbox');
  });

  it('tells its version to the binaries', () => {
    const [kube] = modulesFor('1.36', '1.36.3');
    expect(kube?.flags.at(-1)).toContain('gitVersion=v1.36.3 -X k8s.io/component-base/version.gitMajor=1');
  });
});
