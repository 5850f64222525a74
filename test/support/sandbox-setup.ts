import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import { GoMissing } from '../../sandbox/build/toolchain.ts';
import { connect, type Sandbox, up } from '../../sandbox/index.ts';
import { buildIfStale, install } from './installation.ts';
import type { ProvidedCluster } from './provided.ts';

/**
 * One cluster for all end-to-end tests of a run:
 * - a sandbox of the run's own, which dies with this process, however it ends;
 * - STS_SAFE_TEST_SANDBOX=name: a sandbox that is up already, for a loop of seconds;
 * - STS_SAFE_TEST_CONTEXT=name: any cluster of the kubeconfig; what needs to lose nodes or read the audit log is skipped and,
 *   where Pods really run, what needs Pods that do as they are told. Members are of STS_SAFE_TEST_IMAGE there.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  buildIfStale();
  const { STS_SAFE_TEST_CONTEXT: context, STS_SAFE_TEST_SANDBOX: running } = process.env;
  const { cluster, end } = context ? await anyCluster(context) : running ? await runningSandbox(running) : await ownSandbox();
  provide('cluster', cluster);
  provide('seed', Number(process.env.STS_SAFE_SEED ?? Math.floor(Math.random() * 2 ** 31)));
  return end;
}

interface Given {
  readonly cluster: ProvidedCluster;
  readonly end: () => Promise<void>;
}

async function ownSandbox(): Promise<Given> {
  const onProgress = (line: string) => process.stderr.write(`sandbox: ${line}\n`);
  const sandbox = await up({ name: `test-${process.pid}`, nodes: 3, lifetime: 'owned', onProgress }).catch((error: unknown) => {
    throw error instanceof GoMissing ? error.or('run them on a cluster that you have: STS_SAFE_TEST_CONTEXT=NAME npm run test:e2e') : error;
  });
  return { cluster: given(sandbox, join(sandbox.dir, 'tests')), end: () => sandbox.down() };
}

async function runningSandbox(name: string): Promise<Given> {
  const sandbox = await connect(name);
  const dir = join(sandbox.dir, `tests-${process.pid}`);
  return { cluster: given(sandbox, dir), end: async () => rmSync(dir, { recursive: true, force: true }) };
}

/** The run's files live in the sandbox's folder, so that they go with it. */
function given(sandbox: Sandbox, dir: string): ProvidedCluster {
  mkdirSync(dir, { mode: 0o700 });
  return {
    sandbox: sandbox.name,
    kubeconfig: sandbox.kubeconfig,
    context: sandbox.name === 'default' ? 'sandbox' : `sandbox-${sandbox.name}`,
    kubectl: sandbox.kubectl,
    api: sandbox.server,
    installed: install(dir, sandbox.kubectl),
    dir,
    auditLog: sandbox.auditLog,
  };
}

async function anyCluster(context: string): Promise<Given> {
  const kubectl = execFileSync('/bin/sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).trim();
  const dir = mkdtempSync(join(tmpdir(), 'sts-safe-test-'));
  const kubeconfig = join(dir, 'kubeconfig');
  writeFileSync(kubeconfig, execFileSync(kubectl, ['config', 'view', '--minify', '--flatten', '--context', context]), { mode: 0o600 });
  const { api, proxy } = await openProxy(kubectl, kubeconfig);
  const end = async (): Promise<void> => {
    proxy.kill();
    rmSync(dir, { recursive: true, force: true });
  };
  const image = imageFor(kubectl, kubeconfig);
  const skipped = ['lose nodes', 'read the audit log', ...(image === undefined ? [] : ['need Pods that do as they are told'])];
  process.stderr.write(`STS_SAFE_TEST_CONTEXT=${context}: tests that ${skipped.join(' or ')} are skipped\n`);
  const real = image === undefined ? {} : { image };
  return { cluster: { kubeconfig, context, kubectl, api, installed: install(dir, kubectl), dir, ...real }, end };
}

/** Undefined where KWOK plays the nodes: Pods of any image run there. */
function imageFor(kubectl: string, kubeconfig: string): string | undefined {
  const runtimes = 'jsonpath={.items[*].status.nodeInfo.containerRuntimeVersion}';
  const found = execFileSync(kubectl, ['--kubeconfig', kubeconfig, 'get', 'nodes', '-o', runtimes], { encoding: 'utf8' });
  return found.includes('kwok:') ? undefined : process.env['STS_SAFE_TEST_IMAGE'] || 'registry.k8s.io/pause:3.10';
}

/** `kubectl proxy`, because only kubectl knows every kind of credentials that a kubeconfig may hold. */
async function openProxy(kubectl: string, kubeconfig: string): Promise<{ api: string; proxy: ChildProcess }> {
  const proxy = spawn(kubectl, ['--kubeconfig', kubeconfig, 'proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: proxy.stdout }), 'line')) as [string];
  const address = /127\.0\.0\.1:\d+/.exec(line)?.[0];
  if (address === undefined) throw new Error(`kubectl proxy said: ${line}`);
  return { api: `http://${address}`, proxy };
}
