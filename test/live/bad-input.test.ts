import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { encode } from '../../src/record/index-secret.ts';
import { expectEnd, resultOf } from '../support/documents.ts';
import { inSandbox, Space, testInProcess as test } from '../support/namespace.ts';
import { interruptedAt, openRecordOf, writeRecord } from '../support/records.ts';

/**
 * Bad input: each gets one clear message that says what to do, the right exit code, and changes nothing.
 * One namespace for the whole table, with one set `web` of one member.
 */
interface Case {
  readonly args: readonly string[];
  readonly exitCode: number;
  /** What the message says, each of it. */
  readonly says: readonly (string | RegExp)[];
}

const table: Readonly<Record<string, readonly Case[]>> = {
  'an unknown set': [
    {
      args: ['scale', 'wbe', '--replicas=2', '--yes'],
      exitCode: 1,
      says: ['StatefulSet wbe not found', 'NAMESPACE', 'CONTEXT', 'did you mean web?'],
    },
    { args: ['delete', 'web-0', '--confirm', 'web-0'], exitCode: 1, says: ['StatefulSet web-0 not found', 'NAMESPACE'] },
    { args: ['cancel', 'nothing-alike', '--yes'], exitCode: 1, says: ['StatefulSet nothing-alike not found', 'NAMESPACE'] },
    { args: ['status', 'wbe'], exitCode: 1, says: ['wbe', 'not found', 'NAMESPACE', 'did you mean web?'] },
    { args: ['scale', 'web', '-n', 'no-such-namespace', '--replicas=2', '--yes'], exitCode: 1, says: ['web', 'no-such-namespace'] },
  ],
  'the wrong kind': [
    {
      args: ['scale', 'deploy/web', '--replicas=2', '--yes'],
      exitCode: 2,
      says: ['deploy/web is not a StatefulSet', 'StatefulSets of apps/v1 only'],
    },
    { args: ['delete', 'pod/web-0', '--confirm', 'web-0'], exitCode: 2, says: ['pod/web-0 is not a StatefulSet'] },
    { args: ['scale', 'sts', '--replicas=2'], exitCode: 2, says: ['a StatefulSet name is required'] },
    { args: ['scale', 'Web', '--replicas=2'], exitCode: 2, says: ['"Web" cannot be the name of a StatefulSet'] },
    { args: ['scale', 'web', 'db', '--replicas=2'], exitCode: 2, says: ['one StatefulSet at a time'] },
    { args: ['scale', '--replicas=2'], exitCode: 2, says: ['a StatefulSet name is required', 'add NAME'] },
  ],
  replicas: [
    { args: ['scale', 'web', '--replicas=-1', '--yes'], exitCode: 2, says: ['-1', '--replicas', 'from 0 to 2147483647'] },
    { args: ['scale', 'web', '--replicas=1.5', '--yes'], exitCode: 2, says: ['1.5', 'a whole number'] },
    { args: ['scale', 'web', '--replicas=many', '--yes'], exitCode: 2, says: ['many', 'a whole number'] },
    { args: ['scale', 'web', '--replicas=2147483648', '--yes'], exitCode: 2, says: ['2147483648'] },
    { args: ['scale', 'web', '--yes'], exitCode: 2, says: ['--replicas is required', '--replicas N'] },
  ],
  'contradictory or wrong flags': [
    { args: ['scale', 'web', '--replicas=2', '--yes=false', '--confirm', 'web'], exitCode: 2, says: ['--yes=false', '--confirm'] },
    { args: ['restore', 'web', '--list', '--adopt'], exitCode: 2, says: ['--list and --adopt cannot be used together'] },
    { args: ['status', 'web', '-w', '--wait'], exitCode: 2, says: ['--watch and --wait cannot be used together'] },
    { args: ['status', 'web', '--timeout=5m'], exitCode: 2, says: ['--timeout requires --wait', 'add --wait'] },
    { args: ['scale', 'web', '--replica=2'], exitCode: 2, says: ['unknown flag: --replica', 'did you mean --replicas?'] },
    { args: ['scale', 'web', '--replicas=2', '--timeout=10'], exitCode: 2, says: ['--timeout', 'unit', '10s'] },
    { args: ['scale', 'web', '--replicas=2', '--step-timeout=-5s'], exitCode: 2, says: ['--step-timeout'] },
    { args: ['scale', 'web', '--replicas=2', '--dry-run=maybe'], exitCode: 2, says: ['--dry-run', 'client', 'server'] },
    { args: ['scale', 'web', '--replicas=2', '--progress=loud'], exitCode: 2, says: ['--progress'] },
    { args: ['delete', 'web', '--confirm='], exitCode: 2, says: ['--confirm needs'] },
    { args: ['sclae', 'web'], exitCode: 2, says: ['unknown command "sclae"', 'scale'] },
    { args: ['status', 'web', '-n', 'Not A Namespace'], exitCode: 2, says: ['cannot be a namespace'] },
  ],
  'no consent': [
    { args: ['scale', 'web', '--replicas=2'], exitCode: 3, says: ['stdin is not a terminal', 'add --yes'] },
    { args: ['delete', 'web'], exitCode: 3, says: ['stdin is not a terminal', 'add --confirm'] },
    { args: ['delete', 'web', '--yes'], exitCode: 3, says: ['--yes is not sufficient here', 'add --confirm'] },
    { args: ['delete', 'web', '--confirm', 'db'], exitCode: 3, says: ['--confirm names db', 'NAMESPACE/web'] },
    { args: ['delete', 'web', '--confirm', 'prod/web'], exitCode: 3, says: ['--confirm names prod/web', 'NAMESPACE/web'] },
    {
      args: ['delete', 'web', '--confirm', 'plan:0000000000000000'],
      exitCode: 3,
      says: ['but this is plan:', '--dry-run'],
    },
  ],
};

let space: Space;
beforeAll(async () => {
  space = await Space.open(inject('cluster'), 'bad input');
  await space.applySet({ replicas: 1 });
});
afterAll(() => space.close());

async function expectMessage(one: Case, kubeconfig = space.kubeconfig, env: Record<string, string> = {}): Promise<void> {
  const before = (await space.set()).metadata.resourceVersion;
  const run = await space.runWith({ kubeconfig, env }, ...one.args);
  expectEnd(run, one.exitCode);
  const said = run.stderr + run.stdout;
  for (const word of one.says) {
    const real = typeof word === 'string' ? word.replace('NAMESPACE', space.namespace).replace('CONTEXT', space.cluster.context) : word;
    if (typeof real === 'string') expect(said).toContain(real);
    else expect(said).toMatch(real);
  }
  expect(run.stderr).not.toMatch(/this is a bug|\bat .*:\d+:\d+/);
  // One message: what is said of the error is said once.
  expect(run.stderr.match(/^error: /gm) ?? []).toHaveLength(/^error: /m.test(run.stderr) ? 1 : 0);
  expect((await space.set()).metadata.resourceVersion).toBe(before);
}

for (const [title, cases] of Object.entries(table)) {
  describe.concurrent(title, () => {
    it.for(cases.map((one) => [one.args.join(' '), one] as const))('%s', ([, one]) => expectMessage(one));
  });
}

/** A script that asked for a document gets one, whatever ends the command: the sentence of stderr, and nothing changed. */
describe.concurrent('in a document', () => {
  const scaling = ['scale', 'web', '--replicas=2'];
  const dead = '--server=https://127.0.0.1:1';
  it.for([
    ['an unknown set', ['scale', 'wbe', '--replicas=2', '--yes'], 1, 'failed', 'did you mean web?'],
    ['no consent', scaling, 3, 'refused', 'add --yes'],
    ['another plan than was confirmed', [...scaling, '--confirm=plan:0000000000000000'], 3, 'refused', '--dry-run'],
    ['an archive that is not there', ['restore', 'web', '--archive=sts-safe.web.7', '--yes'], 1, 'failed', '--list'],
    ['a dead server', [...scaling, '--yes', dead], 1, 'failed', undefined],
  ] as const)('%s', async ([, args, exitCode, outcome, hint]) => {
    const run = await space.run(...args, '-o', 'json');
    const { message, cluster, target, ...result } = resultOf(run, exitCode);
    expect(result).toMatchObject({ operation: args[0], outcome, exitCode, done: [], verified: [] });
    expect(run.stderr).toContain(`error: ${message}\n`);
    if (hint !== undefined) expect(result.hint).toContain(hint);
    expect([cluster.context, target]).toEqual([space.cluster.context, { namespace: space.namespace, name: args[1] }]);
    expect(cluster.identity === '').toBe((args as readonly string[]).includes(dead));
  });
});

/** Kubeconfigs that do not work, by what is wrong with them. */
describe.concurrent('a kubeconfig', () => {
  const scaling = ['scale', 'web', '--replicas=2', '--yes'];

  function kubeconfig(name: string, content: string | object): string {
    const path = join(space.cluster.dir, `${name}.kubeconfig`);
    writeFileSync(path, typeof content === 'string' ? content : stringify(content));
    return path;
  }

  const config = (cluster: object, user: object) => ({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'here', cluster }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  });

  it('that is not there', () =>
    expectMessage({ args: scaling, exitCode: 1, says: ['/nowhere/config', /KUBECONFIG|--kubeconfig/] }, '/nowhere/config'));

  it('that is not YAML, or no kubeconfig', async () => {
    await expectMessage({ args: scaling, exitCode: 1, says: ['broken.kubeconfig'] }, kubeconfig('broken', 'clusters: [}\n'));
    await expectMessage({ args: scaling, exitCode: 1, says: ['list.kubeconfig'] }, kubeconfig('list', '- a\n- b\n'));
  });

  it('whose context is not there', async () => {
    const missing = { ...config({ server: 'https://127.0.0.1:1' }, {}), 'current-context': 'there' };
    await expectMessage({ args: scaling, exitCode: 1, says: ['there', 'here'] }, kubeconfig('context', missing));
    await expectMessage({ args: [...scaling, '--context=nosuch'], exitCode: 1, says: ['nosuch'] });
  });

  it('to a server that is dead, or not there', async () => {
    const dead = kubeconfig('dead', config({ server: 'https://127.0.0.1:1' }, {}));
    await expectMessage({ args: scaling, exitCode: 1, says: ['127.0.0.1:1'] }, dead);
    const nowhere = kubeconfig('unknown-host', config({ server: 'https://no-such-host.invalid:6443' }, {}));
    await expectMessage({ args: scaling, exitCode: 1, says: ['no-such-host.invalid'] }, nowhere);
  });

  it.skipIf(!inSandbox)("whose certificate authority is not the server's", async () => {
    const path = kubeconfig('authority', config({ server: space.cluster.api }, {}));
    await expectMessage({ args: scaling, exitCode: 1, says: [/certificate/] }, path);
  });

  it.skipIf(!inSandbox)('with credentials that the server does not take', async () => {
    const path = kubeconfig('token', config({ server: space.cluster.api, 'insecure-skip-tls-verify': true }, { token: 'expired' }));
    await expectMessage({ args: scaling, exitCode: 1, says: [/credentials|Unauthorized|logged in/] }, path);
  });

  it.skipIf(!inSandbox)('with an exec plugin that fails, is not there, or says nothing', async () => {
    const failing = join(space.cluster.dir, 'failing-login');
    writeFileSync(failing, '#!/bin/sh\necho "your session has expired: run login" >&2\nexit 7\n');
    chmodSync(failing, 0o755);
    const silent = join(space.cluster.dir, 'silent-login');
    writeFileSync(silent, '#!/bin/sh\nexit 0\n');
    chmodSync(silent, 0o755);
    const withPlugin = (name: string, command: string) =>
      kubeconfig(
        name,
        config(
          { server: space.cluster.api, 'insecure-skip-tls-verify': true },
          {
            exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', installHint: 'get it from the shop' },
          },
        ),
      );
    await expectMessage(
      { args: scaling, exitCode: 1, says: ['failing-login', 'your session has expired: run login'] },
      withPlugin('exec-fails', failing),
    );
    await expectMessage(
      { args: scaling, exitCode: 1, says: ['no-such-login', 'get it from the shop'] },
      withPlugin('exec-missing', 'no-such-login'),
    );
    await expectMessage({ args: scaling, exitCode: 1, says: ['silent-login'] }, withPlugin('exec-silent', silent));
  });

  it.skipIf(!inSandbox)('with an exec plugin that kuberc does not allow: it is not run', async () => {
    const [login, ran, kuberc] = ['denied-login', 'denied-login-ran', 'deny-all'].map((name) => join(space.cluster.dir, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(login, `#!/bin/sh\n: > ${ran}\n`, { mode: 0o755 });
    writeFileSync(kuberc, 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n');
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: login, interactiveMode: 'Never' };
    const path = kubeconfig('exec-denied', config({ server: space.cluster.api, 'insecure-skip-tls-verify': true }, { exec }));
    const says = [`kuberc ${kuberc} does not allow credential plugin ${login}: credentialPluginPolicy is DenyAll`];
    await expectMessage({ args: scaling, exitCode: 1, says }, path, { KUBERC: kuberc });
    await expectMessage({ args: [...scaling, `--kuberc=${kuberc}`], exitCode: 1, says }, path);
    expect(existsSync(ran)).toBe(false);
  });

  it('whose client certificate cannot be read', async () => {
    const path = kubeconfig(
      'certificate',
      config(
        { server: space.cluster.api, 'insecure-skip-tls-verify': true },
        { 'client-certificate': '/nowhere.crt', 'client-key': '/nowhere.key' },
      ),
    );
    await expectMessage({ args: scaling, exitCode: 1, says: ['/nowhere.crt'] }, path);
  });
});

describe.concurrent('a record', () => {
  const again = ['scale', 'web', '--replicas=0', '--yes'];

  /** The command with which `operations` says that a damaged record is ended. */
  async function forgetLine(own: Space): Promise<string> {
    const { stdout } = await own.run('operations');
    expect(stdout).toMatch(/web +damaged-record/);
    return / +forget +(kubectl .*)/.exec(stdout)?.[1] ?? 'false';
  }

  test('that is damaged, of a newer version, or no record, blocks everything that changes, and says how to end it', async ({
    space: own,
  }) => {
    await own.applySet({ replicas: 1 });
    for (const raw of ['{', '"text"', '{"schema":2}', '{"schema":1,"id":"x"}']) {
      await writeRecord(own, raw, new Date().toISOString());
      for (const args of [again, ['delete', 'web', '--confirm', 'web'], ['cancel', 'web', '--yes']]) {
        const run = await own.run(...args);
        expectEnd(run, 3);
        expect(run.stderr).toContain('the record on web cannot be read');
        expect(run.stderr).toContain('kubectl annotate statefulset web sts-safe.dev/operation-');
      }
      expectEnd(await own.run('status', 'web'), 0);
    }
    await own.expectNoWrites();
    expectEnd(await own.line(await forgetLine(own)), 0);
    expectEnd(await own.run(...again), 0);
  });

  test('that is damaged where there is no set is listed with the command that ends it', async ({ space: own }) => {
    await own.applySet({ replicas: 1 });
    expectEnd(await own.run('delete', 'web', '--confirm', 'web'), 0);
    await writeRecord(own, '{', new Date().toISOString());
    expectEnd(await own.run('restore', 'web', '--yes'), 3);
    expectEnd(await own.line(await forgetLine(own)), 0);
    expectEnd(await own.run('restore', 'web', '--yes'), 0);
  });

  test('that was copied with a manifest is about another set', async ({ space: own }) => {
    await own.applySet({ replicas: 1 });
    await interruptedAt('web-0', own, again);
    await own.untilPodGone('web-0');
    const raw = JSON.stringify(await openRecordOf(own));
    await own.api.delete(`${own.sets}/web`, { propagationPolicy: 'Orphan' });
    await own.untilSetGone();
    await own.api.delete(own.path('services', 'web'));
    await own.applySet({ replicas: 1, annotations: { 'sts-safe.dev/operation': raw } });
    for (const args of [again, ['cancel', 'web', '--yes']]) {
      const run = await own.run(...args);
      expectEnd(run, 3);
      expect(run.stderr).toContain('is about another object of that name');
    }
    expect((await own.set()).spec.replicas).toBe(1);
  });

  test('whose archive is damaged is not gone on with', async ({ space: own }) => {
    await own.applySet({ replicas: 1 });
    await interruptedAt('web-0', own, again);
    await own.untilPodGone('web-0');
    const { archive } = await openRecordOf(own);
    await own.api.patch(own.path('secrets', archive), { data: { archive: encode('nonsense') } });
    const run = await own.run(...again);
    expectEnd(run, 3);
    expect(run.stderr).toContain(`Secret ${archive}`);
  });
});
