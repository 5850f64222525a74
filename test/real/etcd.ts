import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Sandbox } from '../../sandbox/index.ts';
import { apply, kubectl, waitFor } from '../../sandbox/test/support/kubectl.ts';
import { buildIfStale, install } from '../support/installation.ts';
import { pageRoot } from '../support/page.ts';
import { type PluginRun, type RunningPlugin, startLine, startPlugin } from '../support/plugin.ts';
import type { ProvidedCluster } from '../support/provided.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'etcd.yaml');
export const members = ['etcd-0', 'etcd-1', 'etcd-2'] as const;

/** The example's database on real nodes, and the plugin as a user has it. */
export class Etcd {
  readonly sandbox: Sandbox;
  readonly #cluster: ProvidedCluster;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    const dir = join(sandbox.dir, 'tests');
    mkdirSync(dir);
    buildIfStale();
    const { kubeconfig, kubectl: path, server } = sandbox;
    this.#cluster = { kubeconfig, context: 'unused', kubectl: path, api: server, installed: install(dir, path), dir };
  }

  async create(): Promise<void> {
    await kubectl(this.sandbox, 'apply', '-f', example);
    await this.ready();
  }

  async ready(count = members.length): Promise<void> {
    for (const member of members.slice(0, count)) {
      await waitFor(this.sandbox, `pod/${member}`, 'create', 60);
      await waitFor(this.sandbox, `pod/${member}`, 'condition=Ready', 60);
    }
  }

  start(...args: string[]): RunningPlugin {
    return startPlugin(this.#cluster, args, { kubeconfig: this.sandbox.kubeconfig });
  }

  /** As another user. */
  runAs(kubeconfig: string, ...args: string[]): Promise<PluginRun> {
    return startPlugin(this.#cluster, args, { kubeconfig }).ended;
  }

  run(...args: string[]): Promise<PluginRun> {
    return this.start(...args).ended;
  }

  /** A line of a page, as somebody types it. */
  type(line: string): Promise<PluginRun> {
    return startLine(this.#cluster, line, { kubeconfig: this.sandbox.kubeconfig, cwd: pageRoot }).ended;
  }

  /** UIDs of all claims, by name. */
  async claims(): Promise<string> {
    return kubectl(this.sandbox, 'get', 'pvc', '-o', 'custom-columns=NAME:.metadata.name,UID:.metadata.uid,VOLUME:.spec.volumeName');
  }

  async keys(prefix: string): Promise<Set<string>> {
    const all = await kubectl(this.sandbox, 'exec', 'etcd-0', '--', 'etcdctl', 'get', '--prefix', `${prefix}/`, '--keys-only');
    return new Set(all.split('\n').filter(Boolean));
  }

  /** What a member says from now on until it ends. */
  log(member: string): { said: Promise<string>; process: ChildProcess } {
    const args = ['--kubeconfig', this.sandbox.kubeconfig, 'logs', '--follow', '--tail=0', member];
    const process = spawn(this.sandbox.kubectl, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    return { said: text(process.stdout as NodeJS.ReadableStream), process };
  }
}

/** A client in a Pod of its own that writes one key after the other, and tells of each that the database acknowledged. */
export class Writer {
  readonly #sandbox: Sandbox;
  readonly prefix: string;

  constructor(sandbox: Sandbox, prefix: string) {
    this.#sandbox = sandbox;
    this.prefix = prefix;
  }

  async start(): Promise<void> {
    const endpoints = members.map((it) => `http://${it}.etcd:2379`).join(',');
    const put = `etcdctl --endpoints=${endpoints} --dial-timeout=1s --command-timeout=2s put ${this.prefix}/$i $i`;
    await apply(this.#sandbox, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: this.prefix },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'writer',
            image: 'sandbox.local/etcd:3.6.8',
            command: ['sh', '-c', `i=0; while :; do i=$((i+1)); ${put} > /dev/null 2>&1 && echo ${this.prefix}/$i; usleep 100000; done`],
          },
        ],
      },
    });
    await waitFor(this.#sandbox, `pod/${this.prefix}`, 'condition=Ready', 60);
    await this.writesMore();
  }

  async acknowledged(): Promise<string[]> {
    return (await kubectl(this.#sandbox, 'logs', this.prefix)).split('\n').filter(Boolean);
  }

  /** Resolves when the database has acknowledged more than it has now. */
  async writesMore(): Promise<void> {
    const before = (await this.acknowledged()).length;
    const followed = spawn(this.#sandbox.kubectl, ['--kubeconfig', this.#sandbox.kubeconfig, 'logs', '--follow', this.prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    for await (const chunk of followed.stdout) {
      lines += String(chunk).split('\n').length - 1;
      if (lines > before + 3) break;
    }
    followed.kill();
  }
}
