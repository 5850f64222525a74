import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Space, test } from '../support/namespace.ts';
import type { PluginRun } from '../support/plugin.ts';

/**
 * Every spelling of a flag means here what it means in kubectl. The two run on the same server with the same arguments;
 * what is compared is whether they are taken, and what they do.
 */

/** What came of it: refused, or the sets of this test that were shown, and in which format. */
function effectOf({ exitCode, stdout }: PluginRun, mine: readonly string[]) {
  if (exitCode !== 0) return 'refused';
  const format = stdout.startsWith('{')
    ? 'json'
    : stdout.startsWith('apiVersion:')
      ? 'yaml'
      : stdout.startsWith('statefulset.apps/')
        ? 'name'
        : 'table';
  const headers = /^(NAMESPACE|NAME)\s/.test(stdout);
  return { format, headers, shown: mine.filter((name) => stdout.includes(name)) };
}

const spellings: readonly (readonly string[])[] = [
  // Namespaces
  ['-n', 'NS'],
  ['-nNS'],
  ['-n=NS'],
  ['--namespace', 'NS'],
  ['--namespace=NS'],
  ['-n', 'default', '-n', 'NS'],
  ['-n', 'NS', '--namespace=default'],
  ['-n'],
  ['--namespace='],
  // Booleans
  ['-A'],
  ['-A=true'],
  ['-A=false', '-n', 'NS'],
  ['-A=0', '-nNS'],
  ['-A=T'],
  ['-A=maybe'],
  ['-A', '-A=false', '-n', 'NS'],
  ['--all-namespaces'],
  ['--all-namespaces=false', '-n', 'NS'],
  ['--all-namespaces', 'false', '-n', 'NS'],
  ['-An', 'NS'],
  ['-AnNS'],
  ['--no-headers', '-n', 'NS'],
  ['--no-headers=false', '-n', 'NS'],
  ['--no_headers', '-n', 'NS'],
  ['--no-headers=', '-n', 'NS'],
  // Formats
  ['-ojson', '-n', 'NS'],
  ['-o', 'json', '-n', 'NS'],
  ['-o=json', '-n', 'NS'],
  ['--output=json', '-n', 'NS'],
  ['--output', 'json', '-n', 'NS'],
  ['-o', 'json', '-o', 'name', '-n', 'NS'],
  ['-oyaml', '-n', 'NS'],
  ['-oname', '-n', 'NS'],
  ['-owide', '-n', 'NS'],
  ['-o', 'nosuch', '-n', 'NS'],
  ['-o', '', '-n', 'NS'],
  ['-Aojson'],
  // Selectors
  ['-l', 'app=web', '-n', 'NS'],
  ['-lapp=web', '-n', 'NS'],
  ['-l=app=web', '-n', 'NS'],
  ['--selector', 'app in (web,db)', '-n', 'NS'],
  ['-l', 'app!=web', '-n', 'NS'],
  ['-l', '!nosuch', '-n', 'NS'],
  ['-l', '===', '-n', 'NS'],
  ['-l', 'app in web', '-n', 'NS'],
  // Names
  ['web', '-n', 'NS', '-o', 'name'],
  ['-n', 'NS', '-o', 'name', 'web'],
  ['-n', 'NS', '-o', 'name', '--', 'web'],
  ['-n', 'NS', '-o', 'name', 'web', 'db'],
  ['-n', 'NS', '-o', 'name', 'nosuch'],
  ['-n', 'NS', '-o', 'name', '--', '-A'],
  ['web', '-A'],
  ['web', '-l', 'app=web', '-n', 'NS'],
  // Connections
  ['--context', 'CONTEXT', '-n', 'NS'],
  ['--context=nosuch', '-n', 'NS'],
  ['--cluster', 'CONTEXT', '-n', 'NS'],
  ['--cluster=nosuch', '-n', 'NS'],
  ['--user=nosuch', '-n', 'NS'],
  ['--kubeconfig=/nowhere', '-n', 'NS'],
  ['--kubeconfig', 'KUBECONFIG', '-n', 'NS'],
  ['-s', 'SERVER', '-n', 'NS'],
  ['--server=SERVER', '-n', 'NS'],
  ['--tls-server-name=wrong.test', '-n', 'NS'],
  ['--certificate-authority=/nowhere', '-n', 'NS'],
  ['--insecure-skip-tls-verify', '-n', 'NS'],
  ['--insecure-skip-tls-verify=false', '-n', 'NS'],
  ['--as=nobody', '-n', 'NS'],
  ['--as=somebody', '--as-group=system:masters', '-n', 'NS'],
  ['--as=somebody', '--as-group', 'a', '--as-group', 'system:masters', '-n', 'NS'],
  ['--as-group=system:masters', '-n', 'NS'],
  ['--request-timeout=30', '-n', 'NS'],
  ['--request-timeout', '30s', '-n', 'NS'],
  ['--request-timeout=0', '-n', 'NS'],
  ['--request-timeout=soon', '-n', 'NS'],
  // Verbosity
  ['-v', '1', '-n', 'NS'],
  ['-v1', '-n', 'NS'],
  ['-v=1', '-n', 'NS'],
  ['--v=1', '-n', 'NS'],
  ['-v', 'much', '-n', 'NS'],
  // Mistakes
  ['--nosuch', '-n', 'NS'],
  ['-Z', '-n', 'NS'],
  ['---A'],
  ['--=x'],
  ['-', '-n', 'NS'],
];

describe.concurrent('flags of reading commands', () => {
  let space: Space;
  let names: readonly string[];
  beforeAll(async () => {
    space = await Space.open(inject('cluster'), 'flags of reading commands');
    names = [`web-${space.namespace}`, `db-${space.namespace}`];
    for (const name of names) await space.applySet({ name, replicas: 0, labels: { app: name.slice(0, name.indexOf('-')) } });
  });
  afterAll(() => space.close());

  it.for(spellings.map((words) => [words.join(' '), words] as const))('%s', async ([, words]) => {
    const { kubectl, ours } = await both(space, words);
    const said = `ours: ${ours.stdout}${ours.stderr}\nkubectl: ${kubectl.stdout}${kubectl.stderr}`;
    expect(effectOf(ours, names), said).toEqual(effectOf(kubectl, names));
    // What kubectl calls a wrong command line is one here, too.
    if (kubectl.exitCode !== 0 && /unknown|invalid argument|bad flag|needs an argument/.test(kubectl.stderr)) expect(ours.exitCode).toBe(2);
  });
});

/** The same arguments to kubectl and to us; NS, CONTEXT, KUBECONFIG and SERVER stand for the real ones, web and db for the sets. */
async function both(space: Space, words: readonly string[]) {
  const { context, kubeconfig, api } = space.cluster;
  const real: Record<string, string> = { NS: space.namespace, CONTEXT: context, KUBECONFIG: kubeconfig, SERVER: api };
  const args = words
    .map((word) => word.replaceAll(/NS|CONTEXT|KUBECONFIG|SERVER/g, (key) => real[key] ?? key))
    .map((word) => (word === 'web' || word === 'db' ? `${word}-${space.namespace}` : word));
  const kubectl = await space.raw(['get', 'statefulsets', ...args]);
  return { kubectl, ours: await space.raw(['sts-safe', 'status', ...args]) };
}

const scalings: readonly (readonly string[])[] = [
  ['--replicas=1'],
  ['--replicas', '1'],
  ['--replicas=2', '--replicas=1'],
  ['--replicas=0x1'],
  ['--replicas=01'],
  ['--replicas=1.5'],
  ['--replicas=one'],
  ['--replicas='],
  ['--replicas=-1'],
  ['--replicas=-0'],
  ['--replicas=99999999999999999999'],
  ['--replicas'],
  ['--replicas=1', '--current-replicas=0'],
  ['--replicas=1', '--current-replicas=7'],
  ['--replicas=1', '--current-replicas=-1'],
  ['--replicas=1', '--dry-run'],
  ['--replicas=1', '--dry-run=client'],
  ['--replicas=1', '--dry-run=server'],
  ['--replicas=1', '--dry-run=none'],
  ['--replicas=1', '--dry-run', 'server'],
  ['--replicas=1', '--dry-run=nosuch'],
  ['--replicas=1', '--dry-run=client', '--dry-run=none'],
  ['--replicas=1', '--dry-run=none', '--dry-run'],
];

describe.concurrent('flags of changing commands', () => {
  test.for(scalings.map((words) => [words.join(' '), words] as const))('%s', async ([, words], { space }) => {
    const after = async (name: string, run: Promise<PluginRun>) => {
      const { exitCode } = await run;
      return { taken: exitCode === 0, replicas: (await space.set(name)).spec.replicas };
    };
    await Promise.all([space.applySet({ name: 'theirs', replicas: 0 }), space.applySet({ name: 'ours', replicas: 0 })]);
    const kubectl = await after('theirs', space.raw(['scale', 'statefulset/theirs', '-n', space.namespace, ...words]));
    const ours = await after('ours', space.raw(['sts-safe', 'scale', 'statefulset/ours', '-n', space.namespace, '--yes', ...words]));
    expect(ours).toEqual(kubectl);
  });
});
