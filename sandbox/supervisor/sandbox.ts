import { rmSync } from 'node:fs';
import { nodeName } from '../control-plane/kwok.ts';
import { storageClasses } from '../control-plane/objects.ts';
import type { BootOptions } from '../control-plane/options.ts';
import { portsNeeded } from '../control-plane/ports.ts';
import type { Folder } from '../host/folder.ts';
import { claimPorts, type PortClaim } from '../host/ports.ts';
import { RealNodes } from '../real/nodes.ts';
import { Api } from './api.ts';
import { controlPlane } from './definitions.ts';
import { KwokNodes } from './kwok-nodes.ts';
import type { Nodes } from './nodes.ts';
import { prepare } from './prepare.ts';
import { type Component, ComponentProcess, type ComponentStatus } from './process.ts';
import { until } from './readiness.ts';

/** One sandbox inside its supervisor: the components, its nodes, and their end. */
export class RunningSandbox {
  readonly #options: BootOptions;
  readonly #folder: Folder;
  readonly #components = new Map<string, Component>();
  readonly #ended = new AbortController();
  #claim: PortClaim | undefined;
  #nodes: Nodes | undefined;
  #api: Api | undefined;

  constructor(options: BootOptions, folder: Folder) {
    this.#options = options;
    this.#folder = folder;
  }

  /** Resolves when Pods can be scheduled. `progress` hears what is being waited for. */
  async boot(progress: (text: string) => void): Promise<void> {
    this.#claim = await claimPorts(portsNeeded(this.#options));
    const prepared = await prepare(this.#options, this.#folder, this.#claim.ports);
    const { plan } = prepared;
    const api = new Api(plan.ports.apiserver, prepared.authority, prepared.credentials);
    this.#api = api;
    for (const definition of controlPlane(plan, api)) this.#add(new ComponentProcess(definition, this.#folder));
    const around = { prepared, api, signal: this.#ended.signal, add: <T extends Component>(it: T): T => this.#add(it) };
    const nodes = this.#options.real ? new RealNodes(around, this.#options.real) : new KwokNodes(around);
    this.#nodes = nodes;
    await nodes.open();
    progress('starting etcd and the API server');
    await Promise.all([this.component('etcd').start(), this.component('kube-apiserver').start()]);
    progress('starting controllers, scheduler, storage and nodes');
    const controllers = ['kube-controller-manager', 'kube-scheduler', 'provisioner'].map((name) => this.component(name).start());
    await Promise.all([...controllers, nodes.start(), this.#untilUsable(api)]);
  }

  component(name: string): Component {
    const found = this.#components.get(name);
    if (!found) throw new Error(`There is no component "${name}": it has ${[...this.#components.keys()].join(', ')}.`);
    return found;
  }

  get nodes(): Nodes {
    if (!this.#nodes) throw new Error(`The sandbox "${this.#options.name}" has no nodes yet: wait until it is up.`);
    return this.#nodes;
  }

  async status(): Promise<(ComponentStatus & { cut?: boolean })[]> {
    const all = await Promise.all([...this.#components.values()].map(async (it) => it.status));
    return all.map((status) => {
      const number = Array.from({ length: this.#options.nodes }, (_, index) => nodeName(index)).indexOf(status.name);
      return number < 0 ? status : { ...status, cut: this.#nodes?.isCut(number) ?? false };
    });
  }

  /** Ends every process, frees every port, removes the folder. */
  async teardown({ keepFolder = false } = {}): Promise<void> {
    this.#ended.abort();
    await this.#nodes?.close();
    await Promise.all([...this.#components.values()].map((it) => it.kill()));
    this.#api?.close();
    this.#claim?.release();
    if (!keepFolder) rmSync(this.#folder.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  #add<T extends Component>(component: T): T {
    this.#components.set(component.name, component);
    return component;
  }

  /** Pods need the ServiceAccount that a controller makes; claims need a class. */
  async #untilUsable(api: Api): Promise<void> {
    for (const { path, body } of storageClasses(this.#options)) await api.create(path, body);
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await until('ServiceAccount default', () => api.exists(account), this.#ended.signal);
  }
}
