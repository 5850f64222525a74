import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { connectionFailure } from '../../../src/cluster/connect-errors.ts';
import type { ConnectionFlags } from '../../../src/cluster/flags.ts';
import { pooled } from '../../../src/cluster/pooled.ts';
import { CannotError } from '../../../src/domain/errors.ts';
import { tlsOf } from '../../support/api.ts';
import { inSandbox } from '../../support/namespace.ts';
import { SocksServer } from '../../support/socks.ts';
import { closeAll, openWith } from './opened.ts';

/** Who the server says that somebody is, and in which namespace; or that it did not come to that. */
type Seen = { readonly user: unknown; readonly namespace: string } | 'fails';

const run = promisify(execFile);
const { kubectl, kubeconfig, api: server, dir } = inject('cluster');

let folder: string;
let tls: ReturnType<typeof tlsOf>;
let socks: SocksServer;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

beforeAll(async () => {
  socks = await SocksServer.open({ login: { user: 'ann', password: 'p w' } });
  folder = mkdtempSync(join(dir, 'conformance-'));
  mkdirSync(join(folder, 'pki'));
  if (!inSandbox) return;
  tls = tlsOf(kubeconfig);
  for (const [name, text] of Object.entries({ ca: tls.ca, crt: tls.cert, key: tls.key })) writeFileSync(join(folder, 'pki', name), text);
});
afterEach(closeAll);
afterAll(() => socks.close());

interface Wish {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  /** More of the file, over the usual. */
  readonly file?: object;
}

let files = 0;
function file({ cluster = {}, user = {}, context = {}, file: more = {} }: Wish = {}): string {
  const path = join(folder, `config-${files++}`);
  writeFileSync(
    path,
    stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64(tls.ca), ...cluster } }],
      users: [{ name: 'u', user: { 'client-certificate-data': base64(tls.cert), 'client-key-data': base64(tls.key), ...user } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', ...context } }],
      ...more,
    }),
  );
  return path;
}

const noCertificate = { 'client-certificate-data': undefined, 'client-key-data': undefined };

function plugin(body: string): string {
  const path = join(folder, `plugin-${files++}`);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

function printing(status: () => object): string {
  return plugin(
    `cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: status() })}\nEND`,
  );
}

const exec = (command: string, more: object = {}): object => ({
  ...noCertificate,
  exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, ...more },
});

const certificate = (): object => ({ clientCertificateData: tls.cert, clientKeyData: tls.key });

/** As typed for kubectl. */
function argv(flags: ConnectionFlags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return (Array.isArray(value) ? value : [value]).map((one) => `${flag}=${one}`);
  });
}

async function byKubectl(flags: ConnectionFlags, env: NodeJS.ProcessEnv): Promise<Seen> {
  const options = { env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env }, timeout: 20_000 };
  try {
    const whoami = await run(kubectl, [...argv({ requestTimeout: '10s', ...flags }), 'auth', 'whoami', '-o', 'json'], options);
    const listed = await run(kubectl, [...argv(flags), 'create', 'configmap', 'x', '--dry-run=server', '-o', 'json'], options);
    return { user: userInfo(JSON.parse(whoami.stdout)), namespace: JSON.parse(listed.stdout).metadata.namespace };
  } catch {
    return 'fails';
  }
}

async function byUs(flags: ConnectionFlags, env: NodeJS.ProcessEnv): Promise<Seen> {
  try {
    const { connection } = await openWith({ requestTimeout: '10s', ...flags }, env);
    const { transport, namespace } = connection;
    const whoami = await transport.request({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    return { user: userInfo(whoami.body), namespace };
  } catch (error) {
    if (error instanceof Error && error.name !== 'TypeError') return 'fails';
    throw error;
  }
}

function userInfo(review: unknown): unknown {
  const { username, uid, groups, extra } = (review as { status: { userInfo: Record<string, unknown> } }).status.userInfo;
  // The id of a credential says when it was used, not whose it is.
  const { 'authentication.kubernetes.io/credential-id': _id, ...rest } = (extra ?? {}) as Record<string, unknown>;
  return { username, uid, groups, extra: rest };
}

interface Case {
  readonly what: string;
  readonly flags: () => ConnectionFlags;
  readonly env?: () => NodeJS.ProcessEnv;
  readonly fails?: true;
}

const cases: readonly Case[] = [
  { what: 'data in the file', flags: () => ({ kubeconfig: file() }) },
  { what: 'a namespace of the context', flags: () => ({ kubeconfig: file({ context: { namespace: 'kube-public' } }) }) },
  { what: '-n over it', flags: () => ({ kubeconfig: file({ context: { namespace: 'kube-public' } }), namespace: 'kube-system' }) },
  {
    what: 'relative paths',
    flags: () => ({
      kubeconfig: file({
        cluster: { 'certificate-authority-data': undefined, 'certificate-authority': 'pki/ca' },
        user: { ...noCertificate, 'client-certificate': './pki/crt', 'client-key': 'pki/key' },
      }),
    }),
  },
  {
    what: 'a path and data of the same thing',
    flags: () => ({ kubeconfig: file({ cluster: { 'certificate-authority': 'pki/ca' } }) }),
    fails: true,
  },
  {
    what: 'a certificate path and data',
    flags: () => ({ kubeconfig: file({ user: { 'client-certificate': 'pki/crt' } }) }),
    fails: true,
  },
  { what: 'a certificate without its key', flags: () => ({ kubeconfig: file({ user: { 'client-key-data': undefined } }) }), fails: true },
  {
    what: 'a CA file that is not there',
    flags: () => ({ kubeconfig: file({ cluster: { 'certificate-authority-data': undefined, 'certificate-authority': 'no' } }) }),
    fails: true,
  },
  { what: 'no CA', flags: () => ({ kubeconfig: file({ cluster: { 'certificate-authority-data': undefined } }) }), fails: true },
  {
    what: 'insecure-skip-tls-verify',
    flags: () => ({ kubeconfig: file({ cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true } }) }),
  },
  {
    what: 'a CA and insecure-skip-tls-verify',
    flags: () => ({ kubeconfig: file({ cluster: { 'insecure-skip-tls-verify': true } }) }),
    fails: true,
  },
  { what: '--insecure-skip-tls-verify over a CA', flags: () => ({ kubeconfig: file(), insecureSkipTlsVerify: true }) },
  {
    what: '--certificate-authority',
    flags: () => ({
      kubeconfig: file({ cluster: { 'certificate-authority-data': undefined } }),
      certificateAuthority: join(folder, 'pki/ca'),
    }),
  },
  {
    what: '--client-certificate and --client-key',
    flags: () => ({
      kubeconfig: file({ user: noCertificate }),
      clientCertificate: join(folder, 'pki/crt'),
      clientKey: join(folder, 'pki/key'),
    }),
  },
  { what: 'a tls-server-name that fits', flags: () => ({ kubeconfig: file({ cluster: { 'tls-server-name': 'localhost' } }) }) },
  {
    what: 'a tls-server-name that does not',
    flags: () => ({ kubeconfig: file({ cluster: { 'tls-server-name': 'else.where' } }) }),
    fails: true,
  },
  {
    what: '--tls-server-name',
    flags: () => ({ kubeconfig: file({ cluster: { 'tls-server-name': 'else.where' } }), tlsServerName: 'localhost' }),
  },
  {
    what: '--server voids the tls-server-name',
    flags: () => ({ kubeconfig: file({ cluster: { server: 'https://else.where', 'tls-server-name': 'else.where' } }), server }),
  },
  { what: 'a server with a slash at its end', flags: () => ({ kubeconfig: file({ cluster: { server: `${server}/` } }) }) },
  {
    what: 'a server without a scheme',
    flags: () => ({ kubeconfig: file({ cluster: { server: server.replace('https://', '') } }) }),
    fails: true,
  },
  {
    what: 'a SOCKS5 proxy-url with a login',
    flags: () => ({ kubeconfig: file({ cluster: { 'proxy-url': `socks5://ann:p%20w@${socks.host}` } }) }),
  },
  {
    what: 'a SOCKS5 proxy-url with a wrong login',
    flags: () => ({ kubeconfig: file({ cluster: { 'proxy-url': `socks5://ann:pw@${socks.host}` } }) }),
    fails: true,
  },
  {
    what: 'a proxy-url of a kind that is not known',
    flags: () => ({ kubeconfig: file({ cluster: { 'proxy-url': `ftp://${socks.host}` } }) }),
    fails: true,
  },
  { what: 'an unknown context', flags: () => ({ kubeconfig: file(), context: 'd' }), fails: true },
  { what: 'an unknown current-context', flags: () => ({ kubeconfig: file({ file: { 'current-context': 'd' } }) }), fails: true },
  { what: 'no current-context', flags: () => ({ kubeconfig: file({ file: { 'current-context': '' } }) }), fails: true },
  { what: 'no current-context, but --context', flags: () => ({ kubeconfig: file({ file: { 'current-context': '' } }), context: 'c' }) },
  {
    what: 'no current-context, but --cluster and --user',
    flags: () => ({ kubeconfig: file({ file: { 'current-context': '' } }), cluster: 'c', user: 'u' }),
  },
  { what: 'an unknown --cluster', flags: () => ({ kubeconfig: file(), cluster: 'd' }), fails: true },
  { what: 'an unknown --user', flags: () => ({ kubeconfig: file(), user: 'd' }), fails: true },
  { what: 'a context whose cluster is not there', flags: () => ({ kubeconfig: file({ context: { cluster: 'd' } }) }), fails: true },
  { what: 'a token that is no token', flags: () => ({ kubeconfig: file({ user: { ...noCertificate, token: 'nope' } }) }), fails: true },
  { what: 'a certificate, and a token that is none', flags: () => ({ kubeconfig: file({ user: { token: 'nope' } }) }) },
  {
    what: 'a token and a username',
    flags: () => ({ kubeconfig: file({ user: { token: 't', username: 'u', password: 'p' } }) }),
    fails: true,
  },
  {
    what: 'impersonation in the file',
    flags: () => ({ kubeconfig: file({ user: { as: 'eve', 'as-groups': ['a', 'system:masters'], 'as-uid': '7' } }) }),
  },
  {
    what: 'extra impersonation in the file',
    flags: () => ({
      kubeconfig: file({ user: { as: 'eve', 'as-groups': ['system:masters'], 'as-user-extra': { 'acme.com/ro%le': ['one', 'two'] } } }),
    }),
  },
  { what: 'impersonating groups of nobody', flags: () => ({ kubeconfig: file({ user: { 'as-groups': ['a'] } }) }), fails: true },
  { what: '--as', flags: () => ({ kubeconfig: file(), as: 'eve', asGroup: ['a', 'system:masters'], asUid: '7' }) },
  { what: '--as over the file', flags: () => ({ kubeconfig: file({ user: { as: 'ann', 'as-groups': ['system:masters'] } }), as: 'eve' }) },
  { what: '--as-group of nobody', flags: () => ({ kubeconfig: file(), asGroup: ['a'] }), fails: true },
  { what: 'a missing --kubeconfig', flags: () => ({ kubeconfig: join(folder, 'nothing') }), fails: true },
  {
    what: 'a name twice',
    flags: () => ({
      kubeconfig: file({
        file: {
          users: [
            { name: 'u', user: {} },
            { name: 'u', user: {} },
          ],
        },
      }),
    }),
    fails: true,
  },
  { what: 'a value of the wrong type', flags: () => ({ kubeconfig: file({ cluster: { server: 7 } }) }), fails: true },
  { what: 'a bare word that YAML 1.1 takes for false', flags: () => ({ kubeconfig: file({ user: { token: false } }) }), fails: true },
  { what: 'an unknown field', flags: () => ({ kubeconfig: file({ user: { colour: 'red' }, file: { colour: 'red' } }) }) },
  {
    what: 'several files in KUBECONFIG, one missing',
    flags: () => ({}),
    env: () => {
      const only = (keys: readonly string[]): string => {
        const everything = { clusters: [], users: [], contexts: [], 'current-context': '' };
        return file({ file: Object.fromEntries(Object.entries(everything).filter(([key]) => !keys.includes(key))) });
      };
      return { KUBECONFIG: ['/not/here', only(['users']), only(['clusters']), only(['contexts', 'current-context'])].join(':') };
    },
  },
  {
    what: 'the first of two users in KUBECONFIG, whole',
    flags: () => ({}),
    env: () => ({
      KUBECONFIG: [file({ user: { as: 'eve', 'as-groups': ['system:masters'] } }), file({ user: { 'as-uid': '7' } })].join(':'),
    }),
  },
  {
    what: 'the first current-context in KUBECONFIG',
    flags: () => ({}),
    env: () => ({
      KUBECONFIG: [
        file({ file: { 'current-context': '' } }),
        file({ context: { namespace: 'kube-public' } }),
        file({ file: { 'current-context': 'd' } }),
      ].join(':'),
    }),
  },
  { what: '--kubeconfig over KUBECONFIG', flags: () => ({ kubeconfig: file() }), env: () => ({ KUBECONFIG: '/not/here' }) },
  { what: 'an exec plugin that gives a certificate', flags: () => ({ kubeconfig: file({ user: exec(printing(certificate)) }) }) },
  {
    what: 'an exec plugin by a relative path',
    flags: () => ({ kubeconfig: file({ user: exec(`./${basename(printing(certificate))}`) }) }),
  },
  {
    what: 'an exec plugin that is found in PATH',
    flags: () => ({ kubeconfig: file({ user: exec(basename(printing(certificate))) }) }),
    env: () => ({ PATH: `${folder}:${process.env['PATH']}` }),
  },
  { what: 'an exec plugin that fails', flags: () => ({ kubeconfig: file({ user: exec(plugin('exit 1')) }) }), fails: true },
  { what: 'an exec plugin that is not there', flags: () => ({ kubeconfig: file({ user: exec('./not-here') }) }), fails: true },
  {
    what: 'an exec plugin of v1 without interactiveMode',
    flags: () => ({ kubeconfig: file({ user: exec(printing(certificate), { interactiveMode: undefined }) }) }),
    fails: true,
  },
  {
    what: 'a certificate beside a plugin',
    flags: () => ({
      kubeconfig: file({
        user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: plugin('exit 1') } },
      }),
    }),
  },
  {
    what: 'an exec plugin that looks at the cluster',
    flags: () => {
      const picky = plugin(
        `echo "$KUBERNETES_EXEC_INFO" | grep -q '"server":"${server}"' || exit 1\necho "$KUBERNETES_EXEC_INFO" | grep -q '"audience":"a"' || exit 2\necho "$KUBERNETES_EXEC_INFO" | grep -q '"certificate-authority-data":"${base64(tls.ca)}"' || exit 3\n${printing(certificate)}`,
      );
      const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }];
      return { kubeconfig: file({ cluster: { extensions }, user: exec(picky, { provideClusterInfo: true }) }) };
    },
  },
  {
    what: 'an auth-provider that no longer exists',
    flags: () => ({ kubeconfig: file({ user: { ...noCertificate, 'auth-provider': { name: 'gcp' } } }) }),
    fails: true,
  },
];

describe.runIf(inSandbox)('a kubeconfig means the same to us as to kubectl', () => {
  it.each(cases)('$what', async ({ flags, env, fails }) => {
    const [given, around] = [flags(), env?.() ?? {}];
    const [theirs, ours] = await Promise.all([byKubectl(given, around), byUs(given, around)]);
    expect(ours).toEqual(theirs);
    expect(theirs === 'fails').toBe(fails === true);
  });
});

/** One kuberc, and whether a credential plugin `sign-in` in PATH may run by it. */
interface KubercCase {
  readonly what: string;
  /** Named by KUBERC. */
  readonly named?: string;
  /** ~/.kube/kuberc. */
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the kubeconfig calls it; FOLDER is where it lies. */
  readonly command?: string;
  readonly runs: boolean;
}

const v1beta1 = (...lines: readonly string[]): string =>
  ['apiVersion: kubectl.config.k8s.io/v1beta1', 'kind: Preference', ...lines].join('\n');
const policy = (name: string): string => v1beta1(`credentialPluginPolicy: ${name}`);
const allowlist = (...entries: readonly string[]): string =>
  v1beta1('credentialPluginPolicy: Allowlist', `credentialPluginAllowlist: [${entries.join(', ')}]`);

const kubercs: readonly KubercCase[] = [
  { what: 'none', runs: true },
  { what: 'AllowAll', named: policy('AllowAll'), runs: true },
  { what: 'an empty policy', named: policy('""'), runs: true },
  { what: 'DenyAll', named: policy('DenyAll'), runs: false },
  { what: 'DenyAll at home', home: policy('DenyAll'), runs: false },
  { what: 'AllowAll that is named, over DenyAll at home', named: policy('AllowAll'), home: policy('DenyAll'), runs: true },
  { what: 'DenyAll, and KUBERC=off', home: policy('DenyAll'), env: { KUBERC: 'off' }, runs: true },
  { what: 'DenyAll, and KUBECTL_KUBERC=false', named: policy('DenyAll'), env: { KUBECTL_KUBERC: 'False' }, runs: true },
  { what: 'a policy that is not known', home: policy('Deny'), runs: false },
  { what: 'a list of its name', named: allowlist('{command: sign-in}'), runs: true },
  { what: 'a list of its name in the old field', named: allowlist('{name: sign-in}'), runs: true },
  { what: 'a list of its path', named: allowlist('{command: other}', '{command: FOLDER/sign-in}'), runs: true },
  { what: 'a list of its name for a path', named: allowlist('{command: sign-in}'), command: 'FOLDER/sign-in', runs: true },
  { what: 'a list of its name for a path not in PATH', named: allowlist('{command: sign-in}'), command: 'FOLDER/far/sign-in', runs: false },
  { what: 'a list of another path of its name', named: allowlist('{command: FOLDER/far/sign-in}'), runs: false },
  { what: 'a list of others', named: allowlist('{command: kubelogin}'), runs: false },
  { what: 'an entry without a command', named: allowlist('{}', '{command: sign-in}'), runs: false },
  { what: 'an entry with two commands', named: allowlist('{name: a, command: sign-in}'), runs: false },
  { what: 'an entry that is no clean path', named: allowlist('{command: ./sign-in}'), runs: false },
  { what: 'an empty list', named: allowlist(), runs: false },
  { what: 'no list', named: policy('Allowlist'), runs: false },
  { what: 'a list without its policy', named: v1beta1('credentialPluginAllowlist: [{command: sign-in}]'), runs: false },
  { what: 'v1alpha1, which has no policy', named: policy('DenyAll').replace('v1beta1', 'v1alpha1'), runs: true },
  { what: 'an unknown field beside', named: `${policy('DenyAll')}\ncolour: red`, runs: false },
  { what: 'a key that is there twice', named: `${policy('DenyAll')}\ncredentialPluginPolicy: AllowAll`, runs: true },
  {
    what: 'a wrong type elsewhere',
    named: `${policy('AllowAll')}\ndefaults: [{command: get, options: [{name: watch, default: true}]}]`,
    runs: false,
  },
  { what: 'a wrong type at home', home: `${policy('DenyAll')}\naliases: [{name: 7}]`, runs: true },
  { what: 'a document before it', named: `apiVersion: v1\nkind: Config\n---\n${policy('DenyAll')}`, runs: false },
  { what: 'a document after it', named: `${policy('AllowAll')}\n---\n${policy('DenyAll')}`, runs: true },
  { what: 'what is no YAML', named: '{', runs: false },
  { what: 'what is no YAML at home', home: '{', runs: true },
  { what: 'an empty file', named: '', runs: true },
  { what: 'a file that is not there', env: { KUBERC: '/not/here' }, runs: false },
];

/** A folder with that plugin in it, twice: it notes for whom it ran. */
function signInFolder(): string {
  const place = mkdtempSync(join(folder, 'sign-in-'));
  const printed = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: certificate() };
  const script = `#!/bin/sh\n: > ${place}/ran-for-$WHO\ncat <<'END'\n${JSON.stringify(printed)}\nEND\n`;
  for (const folderOf of ['far', '.kube']) mkdirSync(join(place, folderOf));
  for (const path of ['sign-in', 'far/sign-in']) writeFileSync(join(place, path), script, { mode: 0o755 });
  return place;
}

/** Who came to the server with the plugin's certificate, and for whom it ran. */
async function signedIn({
  named,
  home,
  env,
  command = 'sign-in',
}: KubercCase): Promise<{ let: readonly string[]; ran: readonly string[] }> {
  const place = signInFolder();
  const write = (path: string, text: string): string => {
    writeFileSync(join(place, path), text.replaceAll('FOLDER', place));
    return join(place, path);
  };
  if (home !== undefined) write('.kube/kuberc', home);
  const kuberc = named === undefined ? {} : { KUBERC: write('kuberc', named) };
  const around = { HOME: place, PATH: `${place}:${process.env['PATH']}`, ...kuberc, ...env };
  const flags = { kubeconfig: file({ user: exec(command.replaceAll('FOLDER', place)) }) };
  const [kubectlCame, weCame] = await Promise.all([
    run(kubectl, [...argv(flags), 'get', '--raw', '/version'], { env: { ...around, WHO: 'kubectl' } }).catch(() => undefined),
    byUs(flags, { ...around, WHO: 'us' }),
  ]);
  return {
    let: [...(kubectlCame === undefined ? [] : ['kubectl']), ...(weCame === 'fails' ? [] : ['us'])],
    ran: readdirSync(place)
      .flatMap((name) => (name.startsWith('ran-for-') ? [name.slice('ran-for-'.length)] : []))
      .sort(),
  };
}

describe.runIf(inSandbox)('a kuberc', () => {
  it('lets a credential plugin run where kubectl does', async () => {
    const seen = await pooled(kubercs, 4, async (one) => [one.what, await signedIn(one)] as const);
    const both = (runs: boolean): readonly string[] => (runs ? ['kubectl', 'us'] : []);
    const expected = kubercs.map(({ what, runs }) => [what, { let: both(runs), ran: both(runs) }]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
  });
});

describe.runIf(inSandbox)('what goes wrong is said in a sentence', () => {
  const sentence = async (flags: ConnectionFlags, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    try {
      const { connection } = await openWith(flags, env);
      await connection.transport.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' }).catch((error: unknown) => {
        throw connectionFailure(error, connection) ?? error;
      });
    } catch (error) {
      expect(error).toBeInstanceOf(CannotError);
      return (error as Error).message;
    }
    return 'nothing went wrong';
  };

  it('no kubeconfig', async () => {
    expect(await sentence({})).toBe('no kubeconfig: /nonexistent/.kube/config does not exist');
  });

  it('a server that is dead', async () => {
    const dead = await sentence({ kubeconfig: file({ cluster: { server: 'https://127.0.0.1:1' } }) });
    expect(dead).toBe('cannot reach the API server https://127.0.0.1:1 of context c: connection refused');
  });

  it('a fault in the cluster of the kubeconfig, under its name', async () => {
    const both = file({ cluster: { 'insecure-skip-tls-verify': true } });
    expect(await sentence({ kubeconfig: both })).toMatch(/^kubeconfig cluster "c": a certificate authority is given together with/);
  });

  it('an authority that is not known', async () => {
    const kubeconfigOf = file({ cluster: { 'certificate-authority-data': undefined } });
    expect(await sentence({ kubeconfig: kubeconfigOf })).toMatch(/is not trusted: its certificate is signed by an unknown authority$/);
  });

  it('a certificate for another name', async () => {
    const other = file({ cluster: { 'tls-server-name': 'else.where' } });
    expect(await sentence({ kubeconfig: other })).toMatch(/is not trusted: its certificate is for another name$/);
  });

  it('a token that has expired or is wrong', async () => {
    const wrong = file({ user: { ...noCertificate, token: 'nope' } });
    expect(await sentence({ kubeconfig: wrong })).toMatch(/answered 401 Unauthorized: the credentials of "u" have expired or are wrong$/);
  });

  it('a key that does not fit', async () => {
    const { privateKey } = process.getBuiltinModule('node:crypto').generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(await sentence({ kubeconfig: file({ user: { 'client-key-data': base64(pem) } }) })).toMatch(/^the client certificate, its key/);
  });
});
