import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { kubeletPort, nodeAddress, nodeName } from '../control-plane/kwok.ts';
import { node, storageClass } from '../control-plane/objects.ts';
import type { BootOptions } from '../control-plane/options.ts';
import { portsNeeded } from '../control-plane/ports.ts';
import type { Folder } from '../host/folder.ts';
import { claimPorts, type PortClaim } from '../host/ports.ts';
import { Api } from './api.ts';
import { controlPlane } from './definitions.ts';
import { Egress } from './egress.ts';
import { Incarnations, nodeDefinition, untilSchedulable } from './node.ts';
import { type Prepared, prepare } from './prepare.ts';
import { ComponentProcess, type ComponentStatus, type Definition } from './process.ts';
import { Quorum } from './quorum.ts';
import { until } from './readiness.ts';
import { Relay } from './relay.ts';

/** One sandbox inside its supervisor: the components, what they talk through, and their end. */
export class RunningSandbox {
  readonly #options: BootOptions;
  readonly #folder: Folder;
  readonly #components = new Map<string, ComponentProcess>();
  readonly #ended = new AbortController();
  #claim: PortClaim | undefined;
  #relays: Relay[] = [];
  #egress: Egress | undefined;
  #quorum: Quorum | undefined;
  #api: Api | undefined;

  constructor(options: BootOptions, folder: Folder) {
    this.#options = options;
    this.#folder = folder;
  }

  /** Resolves when Pods can be scheduled. `progress` hears what is being waited for. */
  async boot(progress: (text: string) => void): Promise<void> {
    this.#claim = await claimPorts(portsNeeded(this.#options.nodes));
    const prepared = await prepare(this.#options, this.#folder, this.#claim.ports);
    const { ports } = prepared.plan;
    const api = new Api(ports.apiserver, prepared.authority, prepared.credentials);
    this.#api = api;
    await this.#openWays(prepared);
    for (const definition of controlPlane(prepared.plan, api)) this.#add(definition);
    progress('starting etcd and the API server');
    await Promise.all([this.component('etcd').start(), this.component('kube-apiserver').start()]);
    progress('starting controllers, scheduler, storage and nodes');
    const controllers = ['kube-controller-manager', 'kube-scheduler', 'provisioner'].map((name) => this.component(name).start());
    await Promise.all([...controllers, this.#startNodes(prepared, api), this.#untilUsable(api)]);
    this.#quorum = new Quorum(api, (name) => this.#components.get(name)?.status.state === 'running');
    void this.#quorum.run();
  }

  component(name: string): ComponentProcess {
    const found = this.#components.get(name);
    if (!found) throw new Error(`There is no component "${name}": it has ${[...this.#components.keys()].join(', ')}.`);
    return found;
  }

  relay(number: number): Relay {
    const found = this.#relays[number];
    if (!found) throw new Error(`There is no node ${number}: this sandbox has 0 to ${this.#relays.length - 1}.`);
    return found;
  }

  /** Sends what the API server proxies to a Pod's port to a loopback port; see Egress. */
  route(address: string, port: number, local: number | undefined): void {
    this.#egress?.route(address, port, local);
  }

  /** The loss of a node changes no Pod at once, but does a quorum. */
  async afterAction(): Promise<void> {
    await this.#quorum?.judge().catch(() => {});
  }

  status(): (ComponentStatus & { cut?: boolean })[] {
    return [...this.#components.values()].map(({ status }) => {
      const number = this.#relays.findIndex((_, index) => nodeName(index) === status.name);
      return number < 0 ? status : { ...status, cut: this.relay(number).isCut };
    });
  }

  /** Ends every process, frees every port, removes the folder. */
  async teardown({ keepFolder = false } = {}): Promise<void> {
    this.#ended.abort();
    this.#quorum?.stop();
    await Promise.all([...this.#components.values()].map((it) => it.kill()));
    this.#api?.close();
    this.#egress?.close();
    for (const relay of this.#relays) relay.close();
    this.#claim?.release();
    if (!keepFolder) rmSync(this.#folder.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  #add(definition: Definition): ComponentProcess {
    const component = new ComponentProcess(definition, this.#folder.logs, join(this.#folder.dir, 'home'));
    this.#components.set(definition.name, component);
    return component;
  }

  async #openWays({ plan: { ports } }: Prepared): Promise<void> {
    this.#egress = new Egress(ports.kubelets.map((port, number) => [`${nodeAddress(number)}:${kubeletPort}`, port]));
    await this.#egress.listen(this.#folder.egressSocket);
    this.#relays = ports.relays.map(() => new Relay(ports.apiserver));
    await Promise.all(this.#relays.map((relay, number) => relay.listen(ports.relays[number] as number)));
  }

  async #startNodes({ plan }: Prepared, api: Api): Promise<void> {
    // KWOK's first try to make its Lease fails without the namespace, and the second comes seconds later.
    await until('namespace kube-node-lease', () => api.exists('/api/v1/namespaces/kube-node-lease'), this.#ended.signal);
    const incarnations = new Incarnations();
    await Promise.all(
      this.#relays.map(async (relay, number) => {
        const { path, body } = node(number, this.#options.binaries.version);
        await api.create(path, body);
        await this.#add(nodeDefinition(plan, number, api, relay, incarnations)).start();
        await untilSchedulable(api, number, this.#ended.signal);
      }),
    );
  }

  /** Pods need the ServiceAccount that a controller makes; claims need a class. */
  async #untilUsable(api: Api): Promise<void> {
    for (const { path, body } of [storageClass('sandbox', 'Delete', true), storageClass('sandbox-retain', 'Retain', false)]) {
      await api.create(path, body);
    }
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await until('ServiceAccount default', () => api.exists(account), this.#ended.signal);
  }
}
