import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import { kubectl } from '../../sandbox/test/support/kubectl.ts';
import { describeReal } from '../../sandbox/test/support/real.ts';
import { ownStateRoot } from '../../sandbox/test/support/state.ts';
import { linesOf } from '../support/api.ts';
import { buildIfStale, theRightNode } from '../support/installation.ts';

const root = join(import.meta.dirname, '..', '..');
const image = 'sandbox.local/busybox:1';

ownStateRoot();
let sandbox: Sandbox;
/** The only kubectl of a person who has a cluster, and no Go. */
let programs: string;

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface How {
  /** Interrupted as soon as its progress has this. */
  readonly interruptAt?: RegExp;
  /** Where its kubectl is. */
  readonly path?: string;
}

/** `npm run demo -- --context NAME ARGS`, to its end. */
async function demo(args: readonly string[], { interruptAt, path = programs }: How = {}): Promise<Run> {
  const child = spawn(theRightNode(), ['tools/demo.ts', '--context', 'sandbox-cluster', '--kubeconfig', sandbox.kubeconfig, ...args], {
    cwd: root,
    env: { PATH: `${path}:/usr/bin:/bin`, HOME: programs },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = text(child.stdout);
  let stderr = '';
  for await (const line of linesOf(child.stderr)) {
    stderr += `${line}\n`;
    if (interruptAt?.test(line)) child.kill('SIGINT');
  }
  const said = await stdout;
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  return { exitCode: child.exitCode, stdout: said, stderr };
}

/** All that a visitor could have left or changed on the cluster, but for what changes by itself. */
async function everything(): Promise<string> {
  const kinds =
    'namespaces,persistentvolumes,storageclasses,clusterroles,clusterrolebindings,statefulsets,pods,services,secrets,configmaps,persistentvolumeclaims';
  return kubectl(
    sandbox,
    'get',
    kinds,
    '-A',
    '-o',
    'custom-columns=KIND:.kind,IN:.metadata.namespace,NAME:.metadata.name,GENERATION:.metadata.generation',
  );
}

describeReal('the demo on a cluster that is there', () => {
  let before: string;
  let kubeconfig: string;
  beforeAll(async () => {
    buildIfStale();
    sandbox = await up({ name: 'cluster', real: true, nodes: 1, lifetime: 'owned' });
    programs = join(sandbox.dir, 'programs');
    mkdirSync(programs);
    symlinkSync(sandbox.kubectl, join(programs, 'kubectl'));
    before = await everything();
    kubeconfig = readFileSync(sandbox.kubeconfig, 'utf8');
  });
  afterAll(() => sandbox?.down());

  async function expectNothingLeft(): Promise<void> {
    expect(await everything()).toBe(before);
    expect(readFileSync(sandbox.kubeconfig, 'utf8')).toBe(kubeconfig);
  }

  it('deletes and restores on the same data, and leaves nothing behind', async () => {
    const { exitCode, stdout, stderr } = await demo(['--image', image]);
    expect(exitCode, stderr + stdout).toBe(0);
    expect(stdout).toContain('StatefulSet db deleted');
    expect(stdout).toContain('StatefulSet db restored');
    for (const claim of ['data-db-0', 'data-db-1', 'data-db-2']) {
      expect(stdout).toContain(`${claim}: same PVC, and its volume still says "data of ${claim}"`);
    }
    expect(stdout).toContain('Done: the same set on the same data.');
    await expectNothingLeft();
  });

  it('leaves nothing behind when it is interrupted part-way', async () => {
    const { exitCode, stdout, stderr } = await demo(['--image', image], { interruptAt: /done +remove member db-2/ });
    expect(exitCode, stderr + stdout).toBe(130);
    expect(stderr).toContain('demo interrupted');
    expect(stdout).not.toContain('StatefulSet db restored');
    await expectNothingLeft();
  });

  it('fails, and with --keep says how to use and remove what there is', async () => {
    const path = join(sandbox.dir, 'broken');
    mkdirSync(path);
    // A rollout that is given up, without the five minutes of that.
    writeFileSync(join(path, 'kubectl'), `#!/bin/sh\n[ "$1" = rollout ] && exit 1\nexec ${sandbox.kubectl} "$@"\n`, { mode: 0o755 });
    const { exitCode, stdout, stderr } = await demo(['--image', image, '--keep'], { path });
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/^demo failed: .*rollout status/m);
    const [, line = '', namespace = ''] = /^ {2}(kubectl delete namespace (\S+) .*)$/m.exec(stdout) ?? [];
    expect(await kubectl(sandbox, 'get', 'statefulset', '-n', namespace, '-o', 'name')).toBe('statefulset.apps/db\n');
    expect(stdout).toContain(`  kubectl sts-safe status -n ${namespace} --context sandbox-cluster --kubeconfig ${sandbox.kubeconfig}\n`);
    await kubectl(sandbox, ...line.split(' ').slice(1));
    await expectNothingLeft();
  });
});
