import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExecCredentials } from '../../../src/cluster/credentials/exec.ts';
import { decodeExecCredential } from '../../../src/cluster/credentials/exec-credential.ts';
import { OidcCredentials } from '../../../src/cluster/credentials/oidc.ts';
import type { PluginPolicy } from '../../../src/cluster/credentials/plugin-policy.ts';
import type { ExecEntry } from '../../../src/cluster/kubeconfig/model.ts';
import { NO_CLUSTER } from '../../../src/cluster/kubeconfig/model.ts';
import { JumpingClock } from './fakes.ts';

const V1 = 'client.authentication.k8s.io/v1';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A plugin that keeps what it was told, and prints what its script says. */
function plugin(script: string): string {
  const path = join(folder, 'login');
  writeFileSync(
    path,
    `#!/bin/sh\ncd ${folder}\necho run >> runs\nprintf %s "$KUBERNETES_EXEC_INFO" > info\nenv > env\necho "$@" > args\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;

function print(status: object): string {
  return `cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion: V1, status })}\nEND`;
}

function credentials(
  exec: Partial<ExecEntry>,
  terminal = false,
  policy?: PluginPolicy,
): { of: ExecCredentials; clock: JumpingClock; lines: string[] } {
  const clock = new JumpingClock();
  const lines: string[] = [];
  const of = new ExecCredentials({
    exec: {
      command: 'x',
      args: [],
      env: [],
      apiVersion: V1,
      installHint: '',
      provideClusterInfo: false,
      interactiveMode: 'IfAvailable',
      ...exec,
    },
    policy,
    userName: 'ann',
    cluster: { ...NO_CLUSTER, server: 'https://s', tlsServerName: 'n', execConfig: { audience: 'a' } },
    endpoint: {
      server: 'https://s',
      ca: 'PEM',
      insecure: false,
      serverName: 'n',
      proxy: undefined,
      compression: true,
      http2: true,
      impersonation: {},
    },
    env: { PATH: process.env['PATH'], MINE: 'kept' },
    clock,
    log: (line) => lines.push(line),
    terminal: () => terminal,
  });
  return { of, clock, lines };
}

describe('an exec plugin', () => {
  it('is told what it needs, and its token is used until it expires', async () => {
    const command = plugin(print({ token: 'tok', expirationTimestamp: '2026-06-01T12:10:00Z' }));
    const { of, clock } = credentials({ command, args: ['--region', 'x y'], env: [{ name: 'AWS_PROFILE', value: 'p' }] });
    expect(await of.identity()).toMatchObject({ authorization: 'Bearer tok' });
    expect(await of.identity()).toMatchObject({ authorization: 'Bearer tok' });
    expect(runs()).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: V1,
      spec: { interactive: false },
    });
    expect(readFileSync(join(folder, 'args'), 'utf8').trim()).toBe('--region x y');
    expect(readFileSync(join(folder, 'env'), 'utf8')).toMatch(/AWS_PROFILE=p\n[^]*MINE=kept|MINE=kept\n[^]*AWS_PROFILE=p/);
    clock.advance(601_000);
    await of.identity();
    expect(runs()).toBe(2);
  });

  it('is told about the cluster where the kubeconfig says so', async () => {
    await credentials({ command: plugin(print({ token: 't' })), provideClusterInfo: true }).of.identity();
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8')).spec.cluster).toEqual({
      server: 'https://s',
      'tls-server-name': 'n',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
      config: { audience: 'a' },
    });
  });

  it('runs once for all who ask at the same time, and once more for all whose answer was 401', async () => {
    const { of } = credentials({ command: plugin(`sleep 0.1\n${print({ token: 't' })}`) });
    const [first] = await Promise.all([of.identity(), of.identity(), of.identity()]);
    expect(runs()).toBe(1);
    expect(await Promise.all([of.renew(first), of.renew(first)])).toEqual([true, true]);
    await of.renew(first);
    expect(runs()).toBe(2);
  });

  it('may give a certificate', async () => {
    const command = plugin(print({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
    expect(await credentials({ command }).of.identity()).toMatchObject({ cert: 'CERT', key: 'KEY', authorization: undefined });
  });

  it('has its stderr passed on, and the end of it told when it fails', async () => {
    const { of, lines } = credentials({ command: plugin('echo open https://login >&2\necho "no session" >&2\nexit 3') });
    await expect(of.identity()).rejects.toThrow(`cannot get credentials of "ann" from ${folder}/login: it exited with code 3: no session`);
    expect(lines).toEqual(['open https://login', 'no session']);
  });

  it.each([
    ['kill -9 $$', 'it was ended by SIGKILL'],
    ['echo hello', 'it did not print an ExecCredential'],
    ['echo \'{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}}\'', 'it answered in'],
    [print({}), 'it returned neither a token nor a certificate'],
    [print({ clientKeyData: 'K' }), 'it returned only one of certificate and key'],
    [print({ token: 't', expirationTimestamp: 'soon' }), 'its expirationTimestamp soon is not a time'],
  ])('%s is told as: %s', async (script, sentence) => {
    await expect(credentials({ command: plugin(script) }).of.identity()).rejects.toThrow(sentence);
  });

  it('that is not there is told with the hint of how to get it, without control characters', async () => {
    const hint = 'get it \u001b[1mhere\u001b[0m\nnow';
    const { of } = credentials({ command: 'no-such-plugin-of-ours', installHint: hint });
    await expect(of.identity()).rejects.toMatchObject({
      message: 'cannot get credentials of "ann" from no-such-plugin-of-ours: the program was not found',
      hint: 'get it U+001B[1mhereU+001B[0m\nnow',
    });
  });

  it('that needs someone at a terminal is not run without one', async () => {
    const { of } = credentials({ command: plugin(print({ token: 't' })), interactiveMode: 'Always' });
    await expect(of.identity()).rejects.toThrow('it needs a terminal');
    await expect(credentials({ apiVersion: 'client.authentication.k8s.io/v1alpha1' }).of.identity()).rejects.toThrow('is not known');
  });

  it('is not run forever by a server that goes on saying 401', async () => {
    const { of, clock } = credentials({ command: plugin(print({ token: 't' })) });
    expect(await of.renew(await of.identity())).toBe(true);
    expect(await of.renew(await of.identity())).toBe(false);
    clock.advance(31_000);
    expect(await of.renew(await of.identity())).toBe(true);
    expect(runs()).toBe(3);
  });

  it('is not run again for a 401 that an older identity got', async () => {
    const { of } = credentials({ command: plugin(print({ token: 't' })) });
    const first = await of.identity();
    await of.renew(first);
    await of.renew(first);
    expect(runs()).toBe(2);
  });
});

describe('an exec plugin that kuberc does not allow', () => {
  it('is not run, and the sentence names plugin and file', async () => {
    const command = plugin(print({ token: 't' }));
    const denied = credentials({ command }, false, { file: '/home/ann/.kube/kuberc', policy: 'DenyAll', allowlist: undefined });
    const says = `cannot get credentials of "ann": kuberc /home/ann/.kube/kuberc does not allow credential plugin ${command}`;
    await expect(denied.of.identity()).rejects.toThrow(`${says}: credentialPluginPolicy is DenyAll`);
    expect(runs).toThrow('ENOENT');
    const allowed = credentials({ command }, false, { file: '/rc', policy: 'Allowlist', allowlist: [command] });
    await allowed.of.identity();
    expect(runs()).toBe(1);
  });

  it('is looked up in our PATH, not in one that the kubeconfig gives it', async () => {
    renameSync(plugin(print({ token: 't' })), join(folder, 'sign-in-here'));
    const { of } = credentials({ command: 'sign-in-here', env: [{ name: 'PATH', value: folder }] });
    await expect(of.identity()).rejects.toThrow('the program was not found');
  });
});

describe('decodeExecCredential', () => {
  it('never shows what was printed instead', () => {
    expect(decodeExecCredential('s3cret', V1)).not.toContain('s3cret');
    expect(decodeExecCredential('null', V1)).toBe('it did not print an ExecCredential');
  });
});

describe('auth-provider oidc', () => {
  const clock = new JumpingClock();
  const jwt = (seconds: number): string =>
    `h.${Buffer.from(JSON.stringify({ exp: clock.now() / 1000 + seconds })).toString('base64url')}.s`;
  const REFRESHABLE = { 'client-id': 'c', 'refresh-token': 'r', 'idp-issuer-url': 'https://idp' };

  it('uses a token that holds, and refreshes one that does not, once', async () => {
    let refreshed = 0;
    const refresh = (config: Readonly<Record<string, string>>) => {
      refreshed += 1;
      return Promise.resolve({ ...config, 'id-token': jwt(600) });
    };
    const holding = new OidcCredentials({ name: 'oidc', config: { 'id-token': jwt(60) } }, 'ann', clock, refresh);
    expect((await holding.identity()).authorization).toMatch(/^Bearer h\./);
    expect(refreshed).toBe(0);
    const expired = new OidcCredentials({ name: 'oidc', config: { ...REFRESHABLE, 'id-token': jwt(5) } }, 'ann', clock, refresh);
    await Promise.all([expired.identity(), expired.identity()]);
    await expired.identity();
    expect(refreshed).toBe(1);
  });

  it('says what it lacks, or what went wrong', async () => {
    const none = () => Promise.reject(new Error('idp is down'));
    const make = (config: Record<string, string>) => new OidcCredentials({ name: 'oidc', config }, 'ann', clock, none).identity();
    await expect(make({ 'client-id': 'c' })).rejects.toThrow('there is no refresh-token, idp-issuer-url');
    await expect(make({ ...REFRESHABLE, 'id-token': 'junk' })).rejects.toThrow('could not be refreshed: idp is down');
    expect(() => new OidcCredentials({ name: 'gcp', config: {} }, 'ann', clock, none)).toThrow('no longer exists');
  });
});
