import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, up } from '../sandbox/index.ts';
import { Api, tlsOf } from '../test/support/api.ts';
import { AuditLog } from '../test/support/audit.ts';
import { install } from '../test/support/installation.ts';
import { type SetWish, serviceManifest, setManifest } from '../test/support/manifests.ts';
import { type PluginRun, type RunningPlugin, startPlugin, userEnvironment } from '../test/support/plugin.ts';
import type { ProvidedCluster } from '../test/support/provided.ts';
import { World } from '../test/support/world.ts';
import { type Ran, run } from './process.ts';

/** Members start at once, so that making them takes little of a run; they stop as the sandbox's do, in 0.3 s. */
const soon = { 'sandbox/start-delay': '0s', 'sandbox/ready-delay': '0s' };

/** A control plane of the run's own, which ends with this process, and the built plugin as a user has it. */
export class Laboratory {
  readonly sandbox: Sandbox;
  readonly cluster: ProvidedCluster;
  readonly tell: (line: string) => void;
  #places = 0;

  private constructor(sandbox: Sandbox, tell: (line: string) => void) {
    const dir = join(sandbox.dir, 'bench');
    mkdirSync(dir, { mode: 0o700 });
    const { name, kubeconfig, kubectl, server: api, auditLog } = sandbox;
    this.sandbox = sandbox;
    this.tell = tell;
    this.cluster = { sandbox: name, kubeconfig, context: `sandbox-${name}`, kubectl, api, installed: install(dir, kubectl), dir, auditLog };
  }

  static async open(tell: (line: string) => void, name = `bench-${process.pid}`): Promise<Laboratory> {
    const sandbox = await up({ name, nodes: 3, controllerQps: 200, lifetime: 'owned', onProgress: tell });
    return new Laboratory(sandbox, tell);
  }

  /** A namespace of its own, and a user of its own who may do everything in the cluster. */
  async place(): Promise<Place> {
    this.#places += 1;
    const namespace = `bench-${this.#places}`;
    const api = new Api(this.cluster.api, tlsOf(this.cluster.kubeconfig));
    await api.create('/api/v1/namespaces', { metadata: { name: namespace } });
    await api.until(`/api/v1/namespaces/${namespace}/serviceaccounts`, (found) => found.has('default'), 'the ServiceAccount is there');
    const user = `operator-${namespace}`;
    await api.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
    });
    return new Place(this, api, namespace, user, await this.sandbox.userKubeconfig(user));
  }
}

/** One benchmark's namespace: the world in it, and both ways to change it. */
export class Place extends World {
  readonly lab: Laboratory;
  readonly user: string;
  readonly kubeconfig: string;

  constructor(lab: Laboratory, api: Api, namespace: string, user: string, kubeconfig: string) {
    super(api, namespace, true);
    this.lab = lab;
    this.user = user;
    this.kubeconfig = kubeconfig;
  }

  /** Creates the set `web`, over the claims of the last one if there was one; resolves when all members are Ready. */
  async make(wish: SetWish): Promise<void> {
    if ((await this.api.find(this.path('services', 'web'))) === undefined)
      await this.api.create(this.path('services'), serviceManifest('web'));
    await this.api.create(this.sets, setManifest({ ...wish, podAnnotations: { ...soon, ...wish.podAnnotations } }));
    await this.allReady(wish.replicas ?? 3);
  }

  /** By the set's own status, which is one object whatever the number of members. */
  async allReady(count: number): Promise<void> {
    await this.api.until(
      `${this.sets}?fieldSelector=metadata.name%3Dweb`,
      (sets) => (sets.get('web') as { status?: { readyReplicas?: number } } | undefined)?.status?.readyReplicas === count,
      `${count} members are ready`,
      600,
    );
  }

  async gone(pod?: string): Promise<void> {
    await this.api.until(this.path('pods'), (pods) => (pod === undefined ? pods.size === 0 : !pods.has(pod)), 'Pods are gone', 600);
  }

  /** The real kubectl as a user runs it, to its end. */
  kubectl(...args: readonly string[]): Promise<Ran> {
    const env = userEnvironment(this.lab.cluster, { kubeconfig: this.kubeconfig });
    return run(this.lab.cluster.kubectl, ['-n', this.namespace, ...args], env);
  }

  start(...args: readonly string[]): RunningPlugin {
    return startPlugin(this.lab.cluster, [...args, '-n', this.namespace], { kubeconfig: this.kubeconfig });
  }

  /** Without the flag of a namespace. */
  startAnywhere(...args: readonly string[]): RunningPlugin {
    return startPlugin(this.lab.cluster, args, { kubeconfig: this.kubeconfig });
  }

  /** The plugin's deletion of the set, verified by its exit code. */
  async deleteSafely(): Promise<PluginRun> {
    return succeeded(await this.start('delete', 'web', '--confirm', 'web').ended);
  }

  /** What people do without the plugin: all members at once for the controller to take down by its own order, then the set. */
  async deleteByController(): Promise<void> {
    const gone = this.gone();
    await this.kubectl('scale', 'statefulset', 'web', '--replicas=0');
    await gone;
    await this.kubectl('delete', 'statefulset', 'web');
  }

  /** This user's requests from now on. */
  audit(): AuditLog {
    return new AuditLog(this.lab.sandbox.auditLog, this.api, this.user);
  }

  close(): void {
    this.api.close();
  }
}

export function succeeded(plugin: PluginRun): PluginRun {
  if (plugin.exitCode === 0) return plugin;
  throw new Error(`${plugin.line} ended with ${plugin.exitCode}:\n${plugin.stdout}${plugin.stderr.slice(-3000)}`);
}
