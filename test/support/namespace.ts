import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, inject, type TestContext, vi } from 'vitest';
import { connect, type Sandbox } from '../../sandbox/index.ts';
import { Api, tlsOf } from './api.ts';
import { type Audited, AuditLog, inShort } from './audit.ts';
import { runInProcess } from './in-process.ts';
import {
  type PluginOptions,
  type PluginRun,
  type PtyOptions,
  type RunningPlugin,
  startKubectl,
  startLine,
  startPlugin,
  TerminalPlugin,
} from './plugin.ts';
import type { ProvidedCluster } from './provided.ts';
import { ordinaryRights, type Right, restrictedUser } from './users.ts';
import { type RealPods, World } from './world.ts';

// A bound against tests that hang, not on how fast a busy machine is.
vi.setConfig({ testTimeout: 300_000 });

type Options = Partial<PluginOptions>;

/** A test's own namespace: the world in it, and the plugin as a user of that namespace runs it. */
export class Space extends World {
  readonly cluster: ProvidedCluster;
  /** Kubeconfig of the user who runs the plugin: may do everything, and is nobody else. */
  readonly kubeconfig: string;
  readonly #audit: AuditLog | undefined;
  readonly #running: (RunningPlugin | TerminalPlugin)[] = [];
  /** Whether `run` starts kubectl or calls the built plugin here: a fifth of the work, for what is read off the output alone. */
  #inProcess = false;

  private constructor(
    cluster: ProvidedCluster,
    api: Api,
    namespace: string,
    kubeconfig: string,
    audit: AuditLog | undefined,
    skip: RealPods['skip'],
  ) {
    const { sandbox, image } = cluster;
    super(api, namespace, sandbox !== undefined, image === undefined ? undefined : { image, skip });
    this.cluster = cluster;
    this.kubeconfig = kubeconfig;
    this.#audit = audit;
  }

  static async open(cluster: ProvidedCluster, title: string, skip: RealPods['skip'] = notHere): Promise<Space> {
    const api = new Api(cluster.api, cluster.sandbox === undefined ? undefined : tlsOf(cluster.kubeconfig));
    const namespace = `t-${randomUUID().slice(0, 8)}`;
    await api.create('/api/v1/namespaces', { metadata: { name: namespace, annotations: { test: title } } });
    // Pods cannot be created before it is there.
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await api.until(account, (found) => found.has('default'), 'the ServiceAccount default is there');
    const user = `operator-${namespace}`;
    const kubeconfig =
      cluster.sandbox === undefined ? cluster.kubeconfig : await (await sandboxOf(cluster)).userKubeconfig(user, ['system:masters']);
    const audit = cluster.auditLog === undefined ? undefined : new AuditLog(cluster.auditLog, api, user);
    return new Space(cluster, api, namespace, kubeconfig, audit, skip);
  }

  /** Ends what still runs and lets the namespace go in the background. */
  async close(): Promise<void> {
    for (const plugin of this.#running.filter(({ isRunning }) => isRunning)) {
      plugin.kill('SIGKILL');
      await plugin.ended;
    }
    await this.#freePods();
    await this.api.delete(`/api/v1/namespaces/${this.namespace}`);
    this.api.close();
  }

  /** From now on `run` calls the plugin in this process; `start`, `line` and `terminal` go on through kubectl. */
  inProcess(): this {
    this.#inProcess = true;
    return this;
  }

  /** `kubectl sts-safe ARGS` in this namespace, to its end. */
  run(...args: readonly string[]): Promise<PluginRun> {
    return this.runWith({}, ...args);
  }

  runWith(options: Options, ...args: readonly string[]): Promise<PluginRun> {
    // Only a process has a folder that it runs in.
    if (!this.#inProcess || options.cwd !== undefined) return this.start(args, options).ended;
    return runInProcess(this.cluster, this.#here(args), { kubeconfig: this.kubeconfig, ...options });
  }

  start(args: readonly string[], options: Options = {}): RunningPlugin {
    const plugin = startPlugin(this.cluster, this.#here(args), { kubeconfig: this.kubeconfig, ...options });
    this.#running.push(plugin);
    return plugin;
  }

  /** A whole line, as the plugin printed it. */
  async line(line: string, options: Options = {}): Promise<PluginRun> {
    const plugin = startLine(this.cluster, line, { kubeconfig: this.kubeconfig, ...options });
    this.#running.push(plugin);
    return plugin.ended;
  }

  /** `kubectl ARGS` exactly as they are, by the plugin's user. */
  raw(args: readonly string[]): Promise<PluginRun> {
    const running = startKubectl(this.cluster, args, { kubeconfig: this.kubeconfig });
    this.#running.push(running);
    return running.ended;
  }

  /** The real kubectl, as the administrator, in this namespace. */
  kubectl(args: readonly string[], input?: string): Promise<PluginRun> {
    const [verb = '', ...rest] = args;
    return startKubectl(this.cluster, [verb, '-n', this.namespace, ...rest], {
      kubeconfig: this.cluster.kubeconfig,
      ...(input === undefined ? {} : { input }),
    }).ended;
  }

  terminal(args: readonly string[], options: Partial<PtyOptions> = {}): TerminalPlugin {
    const plugin = new TerminalPlugin(this.cluster, this.#here(args), { kubeconfig: this.kubeconfig, ...options });
    this.#running.push(plugin);
    return plugin;
  }

  /** What the plugin's user asked of the server so far. Throws on a cluster without an audit log: guard with `audited`. */
  requests(): Promise<readonly Audited[]> {
    if (this.#audit === undefined) throw new Error('this cluster has no audit log');
    return this.#audit.requests();
  }

  /** Those of them that change something; none on a cluster without an audit log. */
  async writes(): Promise<readonly Audited[]> {
    return (await this.#audit?.writes()) ?? [];
  }

  /** Asserts that the plugin's user changed nothing at all; vain on a cluster without an audit log. */
  async expectNoWrites(): Promise<void> {
    expect((await this.writes()).map(inShort)).toEqual([]);
  }

  /** Another user's requests from now on. */
  auditOf(user: string): AuditLog {
    if (this.cluster.auditLog === undefined) throw new Error('this cluster has no audit log');
    return new AuditLog(this.cluster.auditLog, this.api, user);
  }

  sandbox(): Promise<Sandbox> {
    return sandboxOf(this.cluster);
  }

  /** Kubeconfig of a user with only these rights in this namespace. */
  async restricted(rights: readonly Right[] = ordinaryRights): Promise<{ readonly user: string; readonly kubeconfig: string }> {
    const user = `restricted-${randomUUID().slice(0, 8)}`;
    return { user, kubeconfig: await restrictedUser(this, await this.sandbox(), user, rights) };
  }

  /** After the command's name, so that everything that follows stays as it was typed. */
  #here(args: readonly string[]): readonly string[] {
    const [command, ...rest] = args;
    const told = args.some((arg) => /^(-n|--namespace|-A|--all-namespaces)(=|$)/.test(arg));
    const anywhere = command === undefined || command.startsWith('-') || command === 'explain';
    return anywhere || told ? args : [command, '-n', this.namespace, ...rest];
  }

  /** A Pod that a test left stuck would keep the namespace for ever. */
  async #freePods(): Promise<void> {
    for (const { metadata } of await this.pods()) {
      const held = metadata.finalizers !== undefined || metadata.labels?.['sandbox/stuck'] !== undefined;
      if (!held) continue;
      const free = { metadata: { finalizers: null, labels: { 'sandbox/stuck': null } } };
      await this.api.patch(this.path('pods', metadata.name), free).catch(() => undefined);
    }
  }
}

function sandboxOf({ sandbox }: ProvidedCluster): Promise<Sandbox> {
  if (sandbox === undefined) throw new Error('this needs a sandbox; guard the test with `inSandbox`');
  return connect(sandbox);
}

function notHere(): never {
  throw new Error('this needs Pods that are played; they really run here');
}

/** Tests that need what only the sandbox has: nodes that can be lost, an audit log, users of their own, folders. */
export const inSandbox = inject('cluster').sandbox !== undefined;

/** A namespace in a sandbox of the test file's own, whose files stand in the sandbox's folder. */
export async function spaceIn(sandbox: Sandbox, title: string, onTestFinished: TestContext['onTestFinished']): Promise<Space> {
  const { name, kubeconfig, kubectl, server: api, auditLog, dir } = sandbox;
  const { installed } = inject('cluster');
  const tests = join(dir, 'tests');
  mkdirSync(tests, { recursive: true });
  const cluster = { sandbox: name, kubeconfig, context: `sandbox-${name}`, kubectl, api, installed, dir: tests, auditLog };
  const space = await Space.open(cluster, title);
  onTestFinished(() => space.close());
  return space;
}

/** `test` with a namespace of its own. */
export const test = base.extend('space', async ({ task, skip }, { onCleanup }) => {
  const space = await Space.open(inject('cluster'), task.name, () => skip('Pods really run here'));
  onCleanup(() => space.close());
  return space;
});

/** The same, with a plugin that `run` calls in this process. */
export const testInProcess = base.extend('space', async ({ task, skip }, { onCleanup }) => {
  const space = await Space.open(inject('cluster'), task.name, () => skip('Pods really run here'));
  onCleanup(() => space.close());
  return space.inProcess();
});
