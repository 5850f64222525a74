import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impersonationHeaders } from '../../../src/cluster/credentials/impersonation.ts';
import { decodeKubeconfig } from '../../../src/cluster/kubeconfig/decode.ts';
import { inCluster } from '../../../src/cluster/kubeconfig/in-cluster.ts';
import { kubeconfigFiles, type Loaded, loadKubeconfig, mergeKubeconfigs } from '../../../src/cluster/kubeconfig/load.ts';
import { NO_USER } from '../../../src/cluster/kubeconfig/model.ts';
import { type Selected, selectContext } from '../../../src/cluster/kubeconfig/select.ts';
import { validateSelected } from '../../../src/cluster/kubeconfig/validate.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TWO = {
  'current-context': 'prod',
  contexts: [
    { name: 'prod', context: { cluster: 'eu', user: 'ann', namespace: 'shop' } },
    { name: 'dev', context: { cluster: 'local', user: 'bob' } },
    { name: 'stray', context: { cluster: 'nowhere', user: 'ann' } },
    { name: 'lost', context: { cluster: 'eu', user: 'nobody' } },
    { name: 'bare', context: { user: 'ann' } },
  ],
  clusters: [
    { name: 'eu', cluster: { server: 'https://eu:6443', 'certificate-authority-data': 'QQ==', 'tls-server-name': 'api' } },
    { name: 'local', cluster: { server: 'http://localhost:8080' } },
  ],
  users: [
    { name: 'ann', user: { token: 't', tokenFile: 'tf', as: 'root', 'as-groups': ['a', 'b'] } },
    { name: 'bob', user: {} },
  ],
};

function loaded(document: unknown = TWO): Loaded {
  return { config: decodeKubeconfig(document, '/cfg/config'), files: ['/cfg/config'], missing: [] };
}

describe('files of a kubeconfig', () => {
  it('are the one of --kubeconfig, those of KUBECONFIG, or the one at home', () => {
    expect(kubeconfigFiles('x', { KUBECONFIG: '/a:/b' })).toEqual(['x']);
    expect(kubeconfigFiles('', { KUBECONFIG: '/a::/b:/a' })).toEqual(['/a', '/b']);
    expect(kubeconfigFiles(undefined, { KUBECONFIG: '', HOME: '/home/ann' })).toEqual(['/home/ann/.kube/config']);
  });

  it('may be missing, but not the one of --kubeconfig', async () => {
    const there = file('there', 'current-context: a\n');
    const { config, files, missing } = await loadKubeconfig(undefined, { KUBECONFIG: `/not/here:${there}` });
    expect({ current: config.currentContext, files, missing }).toEqual({ current: 'a', files: [there], missing: ['/not/here'] });
    await expect(loadKubeconfig('/not/here', {})).rejects.toThrow('kubeconfig /not/here does not exist');
  });

  it('that are malformed are named with line and column', async () => {
    const path = file('broken', 'a: b\nusers: [\n');
    await expect(loadKubeconfig(path, {})).rejects.toThrow(new RegExp(`kubeconfig ${path}:\\d+:\\d+ is malformed`));
  });

  it('may be JSON, or YAML of any kind', async () => {
    const json = file('json', JSON.stringify(TWO));
    const yaml = file('yaml', 'users: [{name: ann, user: {token: &t "x"}}, {name: bob, user: {token: *t}}]\n');
    expect((await loadKubeconfig(json, {})).config.contexts.size).toBe(5);
    expect((await loadKubeconfig(yaml, {})).config.users.get('bob')?.token).toBe('x');
  });

  it('are YAML 1.1, as for kubectl', async () => {
    const yes = file('yes', 'clusters: [{name: c, cluster: {server: 2026-01-01, insecure-skip-tls-verify: yes}}]\n');
    expect((await loadKubeconfig(yes, {})).config.clusters.get('c')).toMatchObject({ server: '2026-01-01', insecureSkipTlsVerify: true });
    await expect(loadKubeconfig(file('no', 'users: [{name: u, user: {token: no}}]\n'), {})).rejects.toThrow(
      'users[0].user.token must be text',
    );
  });

  it('may be empty', async () => {
    expect((await loadKubeconfig(file('empty', ''), {})).config.contexts.size).toBe(0);
  });

  it('cannot be a folder', async () => {
    mkdirSync(join(folder, 'dir'));
    await expect(loadKubeconfig(join(folder, 'dir'), {})).rejects.toThrow('cannot be read');
  });

  it('have paths that count from their own folder', () => {
    const config = decodeKubeconfig(
      {
        clusters: [{ name: 'c', cluster: { 'certificate-authority': 'pki/ca.crt' } }],
        users: [
          { name: 'a', user: { 'client-certificate': '../a.crt', tokenFile: '/abs', exec: { command: './login', apiVersion: 'x' } } },
          { name: 'b', user: { exec: { command: 'aws', apiVersion: 'client.authentication.k8s.io/v1beta1', args: null, env: null } } },
        ],
      },
      '/home/ann/.kube/config',
    );
    expect(config.clusters.get('c')?.certificateAuthority).toBe('/home/ann/.kube/pki/ca.crt');
    expect(config.users.get('a')).toMatchObject({
      clientCertificate: '/home/ann/a.crt',
      tokenFile: '/abs',
      exec: { command: '/home/ann/.kube/login', interactiveMode: '' },
    });
    expect(config.users.get('b')?.exec).toMatchObject({ command: 'aws', interactiveMode: 'IfAvailable', args: [] });
  });

  it('with values of the wrong type are refused with the field', () => {
    const wrong = (document: unknown) => () => decodeKubeconfig(document, 'f');
    expect(wrong({ clusters: [{ name: 'c', cluster: { server: 5 } }] })).toThrow('kubeconfig f: clusters[0].cluster.server must be text');
    expect(wrong({ clusters: [{ name: 'c', cluster: { 'insecure-skip-tls-verify': 'yes' } }] })).toThrow('must be true or false');
    expect(wrong({ users: {} })).toThrow('users must be a list');
    expect(wrong({ users: [{ name: 'a', user: [] }] })).toThrow('users[0].user must be a mapping');
    expect(wrong('text')).toThrow('the file must be a mapping');
    expect(wrong({ users: [{ name: 'a' }, { name: 'a' }] })).toThrow('the name "a" is twice in users');
  });
});

describe('merging', () => {
  const named = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
  const configs = fc.array(fc.record({ current: fc.constantFrom('', 'a', 'b'), users: named }), { minLength: 1, maxLength: 4 });

  it('takes each entry whole from the first file that has it', () => {
    fc.assert(
      fc.property(configs, (files) => {
        const decoded = files.map(({ current, users }, index) =>
          decodeKubeconfig(
            {
              'current-context': current,
              users: users.map((name) => ({ name, user: index % 2 === 0 ? { token: `${index}` } : { as: `${index}` } })),
            },
            '/f',
          ),
        );
        const merged = mergeKubeconfigs(decoded);
        expect(merged.currentContext).toBe(files.find(({ current }) => current !== '')?.current ?? '');
        for (const name of ['a', 'b', 'c', 'd']) {
          const first = decoded.find(({ users }) => users.has(name));
          expect(merged.users.get(name)).toBe(first?.users.get(name));
        }
      }),
    );
  });
});

describe('selecting', () => {
  const select = (flags: Parameters<typeof selectContext>[1]) => selectContext(loaded(), flags);

  it('follows the context', () => {
    expect(select({})).toMatchObject({
      context: 'prod',
      clusterName: 'eu',
      userName: 'ann',
      namespace: 'shop',
      cluster: { server: 'https://eu:6443', tlsServerName: 'api' },
      user: { token: 't', as: 'root' },
    });
    expect(select({ context: 'dev' })).toMatchObject({ cluster: { server: 'http://localhost:8080' }, namespace: '' });
  });

  it('lays flags over it', () => {
    expect(select({ namespace: 'x', cluster: 'local', user: 'bob', token: 'mine', as: 'eve', asGroup: ['g'] })).toMatchObject({
      namespace: 'x',
      clusterName: 'local',
      userName: 'bob',
      user: { token: 'mine', as: 'eve', asGroups: ['g'] },
    });
    expect(select({ token: 'mine' })?.user).toMatchObject({ token: 'mine', tokenFile: '', asGroups: ['a', 'b'] });
    expect(select({ clientCertificate: 'c', clientKey: 'k' })?.user).toMatchObject({ clientCertificate: 'c', clientKey: 'k' });
  });

  it('lets CA flags replace all that the file says about trust', () => {
    expect(select({ insecureSkipTlsVerify: true })?.cluster).toMatchObject({ insecureSkipTlsVerify: true, certificateAuthorityData: '' });
    expect(select({ certificateAuthority: 'ca' })?.cluster).toMatchObject({ certificateAuthority: 'ca', certificateAuthorityData: '' });
  });

  it('lets --server void the tls-server-name of the file', () => {
    expect(select({ server: 'https://other' })?.cluster).toMatchObject({ server: 'https://other', tlsServerName: '' });
    expect(select({ server: 'https://other', tlsServerName: 'n' })?.cluster.tlsServerName).toBe('n');
  });

  it.each([
    [{ context: 'prd' }, 'context "prd" does not exist in /cfg/config', 'did you mean "prod"?'],
    [{ cluster: 'locla' }, 'cluster "locla" does not exist in /cfg/config', 'did you mean "local"?'],
    [{ user: 'anne' }, 'user "anne" does not exist in /cfg/config', 'did you mean "ann"?'],
    [{ context: 'stray' }, 'cluster "nowhere" of context "stray" does not exist', 'there is "eu", "local"'],
    [{ context: 'lost' }, 'user "nobody" of context "lost" does not exist', undefined],
    [{ context: 'bare' }, 'context "bare" names no cluster', undefined],
  ])('%j fails with %s', (flags, message, hint) => {
    let error: (Error & { hint?: string }) | undefined;
    try {
      select(flags);
    } catch (caught) {
      error = caught as Error;
    }
    expect(error?.message).toContain(message);
    if (hint !== undefined) expect(error?.hint).toContain(hint);
  });

  it('does without the user where flags say who', () => {
    expect(select({ context: 'lost', token: 't' })?.user.token).toBe('t');
    expect(select({ context: 'stray', server: 'https://s' })?.cluster.server).toBe('https://s');
  });

  it('leaves it to the Pod around it when nothing names a server', () => {
    expect(selectContext(loaded({}), {})).toBeUndefined();
    expect(selectContext(loaded({}), { server: 'https://s' })?.cluster.server).toBe('https://s');
  });

  it('names the current-context that is not there', () => {
    expect(() => selectContext(loaded({ 'current-context': 'gone' }), {})).toThrow('current-context "gone" does not exist');
  });
});

describe('validating', () => {
  const faultOf = (cluster: object, user: object): string | undefined => {
    const document = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://s', ...cluster } }],
      users: [{ name: 'u', user }],
    };
    try {
      validateSelected(selectContext(loaded(document), {}) as Selected);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    [{ server: '' }, {}, 'kubeconfig cluster "c": it has no server'],
    [{ 'certificate-authority': 'a', 'certificate-authority-data': 'QQ==' }, {}, 'both given'],
    [
      { 'certificate-authority': 'a', 'insecure-skip-tls-verify': true },
      {},
      'kubeconfig cluster "c": a certificate authority is given together with insecure-skip-tls-verify',
    ],
    [{}, { token: 't', username: 'u' }, 'kubeconfig user "u": a token and a username are both given'],
    [{}, { 'client-certificate': 'c' }, 'needs client-key'],
    [{}, { 'client-certificate': 'c', 'client-certificate-data': 'QQ==', 'client-key': 'k' }, 'client-certificate and'],
    [{}, { 'client-certificate': 'c', 'client-key-data': 'QQ==', 'client-key': 'k' }, 'client-key and'],
    [{}, { 'as-groups': ['g'] }, 'needs a user (--as)'],
    [{}, { exec: { command: '', apiVersion: 'x' } }, 'no command'],
    [{}, { exec: { command: 'c', apiVersion: '' } }, 'no apiVersion'],
    [{}, { exec: { command: 'c', apiVersion: 'client.authentication.k8s.io/v1' } }, 'no interactiveMode'],
    [{}, { exec: { command: 'c', apiVersion: 'v', interactiveMode: 'Perhaps' } }, 'unknown interactiveMode'],
    [
      {},
      { exec: { command: 'c', apiVersion: 'v', interactiveMode: 'Never' }, 'auth-provider': { name: 'oidc' } },
      'exec and auth-provider',
    ],
    [{}, { exec: { command: 'c', apiVersion: 'v', interactiveMode: 'Never', env: [{ name: '', value: 'x' }] } }, 'without a name'],
  ])('%j with %j: %s', (cluster, user, fault) => {
    expect(faultOf(cluster, user)).toContain(fault);
  });

  it('has nothing against a good one', () => {
    expect(faultOf({}, { token: 't', 'client-certificate': 'c', 'client-key': 'k', as: 'a', 'as-groups': ['g'] })).toBeUndefined();
  });
});

describe('in a Pod', () => {
  it('the service account is the kubeconfig, and flags lie over it', () => {
    file('token', 'tok');
    file('ca.crt', 'ca');
    file('namespace', 'shop\n');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const around = inCluster(env, folder);
    expect(around && selectContext(around, {})).toMatchObject({
      context: 'in-cluster',
      namespace: 'shop',
      cluster: { server: 'https://[fd00::1]:443', certificateAuthority: `${folder}/ca.crt` },
      user: { tokenFile: `${folder}/token` },
    });
    expect(around && selectContext(around, { token: 'mine', namespace: 'other' })).toMatchObject({
      namespace: 'other',
      user: { token: 'mine', tokenFile: '' },
    });
    expect(inCluster({ ...env, POD_NAMESPACE: 'pod' }, folder)?.config.contexts.get('in-cluster')?.namespace).toBe('pod');
  });

  it('is only where there are a service and a token', () => {
    expect(inCluster({}, folder)).toBeUndefined();
    expect(inCluster({ KUBERNETES_SERVICE_HOST: 'h', KUBERNETES_SERVICE_PORT: '1' }, '/not/here')).toBeUndefined();
  });
});

describe('impersonation', () => {
  it('is written into headers as client-go does', () => {
    expect(
      impersonationHeaders({ ...NO_USER, as: 'ann', asUid: '7', asGroups: ['a', 'b'], asUserExtra: { 'acme.com/ro%le': ['x', 'y'] } }),
    ).toEqual({
      'Impersonate-User': 'ann',
      'Impersonate-Uid': '7',
      'Impersonate-Group': ['a', 'b'],
      'Impersonate-Extra-acme.com%2Fro%25le': ['x', 'y'],
    });
    expect(impersonationHeaders(NO_USER)).toEqual({});
  });
});
