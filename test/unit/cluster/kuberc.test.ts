import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookPath } from '../../../src/cluster/credentials/look-path.ts';
import { pluginRefusal, policyFault } from '../../../src/cluster/credentials/plugin-policy.ts';
import { readPluginPolicy } from '../../../src/cluster/kuberc/kuberc.ts';
import { decodePreference } from '../../../src/cluster/kuberc/preference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberc-'));
  for (const place of ['bin', 'other', 'home/.kube']) mkdirSync(join(folder, place), { recursive: true });
  for (const place of ['bin/login', 'other/login', 'other/else']) {
    writeFileSync(join(folder, place), '#!/bin/sh\n');
    chmodSync(join(folder, place), 0o755);
  }
  writeFileSync(join(folder, 'bin/text'), 'no program');
});
afterAll(() => rmSync(folder, { recursive: true }));

const V1BETA1 = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
const env = (): NodeJS.ProcessEnv => ({ PATH: `/nonexistent:${join(folder, 'bin')}:.`, HOME: join(folder, 'home') });

describe('the program that a command means', () => {
  it('is found in PATH by a bare name alone, and never in the current folder', () => {
    expect(lookPath('login', env())).toBe(join(folder, 'bin/login'));
    expect(lookPath('else', env())).toBe(undefined);
    expect(lookPath('text', env())).toBe(undefined);
    expect(lookPath('bin', { PATH: folder })).toBe(undefined);
    expect(lookPath(join(folder, 'other/else'), env())).toBe(join(folder, 'other/else'));
    expect(lookPath('package.json', { PATH: '' })).toBe(undefined);
    expect(lookPath('', env())).toBe(undefined);
  });
});

describe('a policy for credential plugins', () => {
  const refusal = (command: string, ...allowlist: readonly string[]): string | undefined =>
    pluginRefusal({ file: '/rc', policy: 'Allowlist', allowlist }, command, env());

  it('may allow or deny them all', () => {
    const all = (policy: string): string | undefined => pluginRefusal({ file: '/rc', policy, allowlist: undefined }, 'login', env());
    expect(['', 'AllowAll', 'DenyAll'].map(all)).toEqual([undefined, undefined, 'credentialPluginPolicy is DenyAll']);
  });

  it('allows what an entry repeats, and what both lead to', () => {
    const [here, there] = [join(folder, 'bin/login'), join(folder, 'other/login')];
    expect(refusal('login', 'login')).toBe(undefined);
    expect(refusal('login', 'other', here)).toBe(undefined);
    expect(refusal(here, 'login')).toBe(undefined);
    expect(refusal(`${folder}/bin/../bin/login`, here)).toBe(undefined);
    expect(refusal(there, 'login')).toBe(`${there} is not in credentialPluginAllowlist`);
    expect(refusal('login', there)).toBe(`${here} is not in credentialPluginAllowlist`);
    expect(refusal('login', 'text', '/nonexistent/login')).toBe(`${here} is not in credentialPluginAllowlist`);
    expect(refusal('gone', 'login')).toBe('no such program was found to compare with credentialPluginAllowlist');
  });

  it.each([
    ['', undefined, undefined],
    ['DenyAll', undefined, undefined],
    ['Allowlist', ['login', '/usr/bin/login'], undefined],
    ['denyall', undefined, 'credentialPluginPolicy "denyall" is not known'],
    ['AllowAll', [], 'credentialPluginAllowlist needs credentialPluginPolicy Allowlist'],
    ['Allowlist', undefined, 'credentialPluginPolicy is Allowlist, but there is no credentialPluginAllowlist'],
    ['Allowlist', [], 'credentialPluginAllowlist is empty: credentialPluginPolicy DenyAll says that'],
    ['Allowlist', ['login', ''], 'credentialPluginAllowlist has an entry without a command'],
    ['Allowlist', ['./login'], 'credentialPluginAllowlist: write login for ./login'],
    ['Allowlist', ['/usr/bin/'], 'credentialPluginAllowlist: write /usr/bin for /usr/bin/'],
  ])('%s with %j: %s', (policy, allowlist, fault) => {
    expect(policyFault({ file: '/rc', policy, allowlist })).toBe(fault);
  });
});

describe('a kuberc', () => {
  it.each([
    ['', undefined],
    ['---\n---\n', undefined],
    [V1BETA1, { policy: '', allowlist: undefined, unknown: [] }],
    [`${V1BETA1}credentialPluginPolicy: DenyAll`, { policy: 'DenyAll', allowlist: undefined, unknown: [] }],
    [
      `${V1BETA1}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- name: a\n- command: b\n- {name: c, command: c}\n- null`,
      { policy: 'Allowlist', allowlist: ['a', 'b', 'c', ''], unknown: [] },
    ],
    [
      `${V1BETA1}colour: red\naliases:\n- {name: a, command: get, flags: []}`,
      { policy: '', allowlist: undefined, unknown: ['unknown field colour', 'unknown field aliases[0].flags'] },
    ],
    [
      `${V1BETA1.replace('v1beta1', 'v1alpha1')}credentialPluginPolicy: DenyAll`,
      { policy: '', allowlist: undefined, unknown: ['unknown field credentialPluginPolicy'] },
    ],
    [`kind: Config\napiVersion: v1\n--- # mine\n${V1BETA1}credentialPluginPolicy: DenyAll`, { policy: 'DenyAll', unknown: [] }],
    [`${V1BETA1}credentialPluginPolicy: DenyAll\n---\n${V1BETA1}`, { policy: 'DenyAll', unknown: [] }],
    [`${V1BETA1}credentialPluginPolicy: DenyAll\ncredentialPluginPolicy: AllowAll`, { policy: 'AllowAll' }],
    [`${V1BETA1}credentialPluginPolicy: 7`, 'none usable'],
    [`${V1BETA1}defaults:\n- command: get\n  options:\n  - {name: wide, default: true}\ncredentialPluginPolicy: DenyAll`, 'none usable'],
    [`${V1BETA1}credentialPluginAllowlist: [{name: a, command: b}]`, 'none usable'],
    ['kind: Preference', 'none usable'],
    [`${V1BETA1.replace('v1beta1', 'v2')}`, 'none usable'],
    ['# nothing', 'none usable'],
    ['{', 'none usable'],
  ])('%j is read as %j', async (text, expected) => {
    const preference = await decodePreference(text);
    if (typeof expected === 'object') expect(preference).toMatchObject(expected);
    else expect(preference).toBe(expected);
  });

  const read = async (more: NodeJS.ProcessEnv, flag?: string): Promise<unknown> => {
    const lines: string[] = [];
    const policy = await readPluginPolicy(flag, { ...env(), ...more }, (line) => lines.push(line)).catch((error: Error) => error.message);
    return lines.length === 0 ? policy : [policy, ...lines];
  };
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('is the one of --kuberc, of KUBERC, or at home; or is turned off', async () => {
    const deny = write('deny', `${V1BETA1}credentialPluginPolicy: DenyAll`);
    const all = write('all', `${V1BETA1}credentialPluginPolicy: AllowAll`);
    expect(await read({})).toBe(undefined);
    const home = write('home/.kube/kuberc', `${V1BETA1}credentialPluginPolicy: DenyAll`);
    expect(await read({})).toMatchObject({ file: home, policy: 'DenyAll' });
    expect(await read({ KUBERC: all })).toMatchObject({ file: all, policy: 'AllowAll' });
    expect(await read({ KUBERC: all }, deny)).toMatchObject({ file: deny });
    // So does kubectl: a flag that says no more than the default leaves it to KUBERC.
    expect(await read({ KUBERC: all }, home)).toMatchObject({ file: all });
    expect(await read({ KUBERC: 'off' })).toBe(undefined);
    expect(await read({ KUBERC: 'off' }, deny)).toMatch('KUBERC=off');
    expect(await read({ KUBECTL_KUBERC: 'False', KUBERC: deny })).toBe(undefined);
  });

  it('that was named must be there and be one; the one at home is passed over with a warning', async () => {
    const broken = write('broken', '{');
    expect(await read({ KUBERC: '/not/here' })).toMatch(/^kuberc \/not\/here cannot be read: ENOENT/);
    expect(await read({ KUBERC: broken })).toMatch(/^kuberc .*broken has no Preference/);
    const home = write('home/.kube/kuberc', '{');
    expect(await read({})).toEqual([undefined, expect.stringMatching(/kuberc has no Preference .*: it is ignored, as kubectl does$/)]);
    rmSync(home);
    mkdirSync(home);
    expect(await read({})).toEqual([undefined, expect.stringMatching(/cannot be read: EISDIR.*: it is ignored/)]);
    rmSync(home, { recursive: true });
  });

  it('with a policy that kubectl refuses is refused wherever it is, and what it cannot have is told', async () => {
    const home = write('home/.kube/kuberc', `${V1BETA1}credentialPluginPolicy: Deny\ncolour: red`);
    expect(await read({})).toEqual([
      `kuberc ${home}: credentialPluginPolicy "Deny" is not known`,
      `kuberc ${home}: ignored, as kubectl does: unknown field colour`,
    ]);
    rmSync(home);
  });
});
