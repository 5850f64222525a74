import { kubeletPort, nodeAddress, nodeName } from '../control-plane/kwok.ts';
import { node } from '../control-plane/objects.ts';
import { Egress } from './egress.ts';
import { Incarnations, nodeDefinition, untilSchedulable } from './node.ts';
import type { Nodes, NodeVerb, Surroundings } from './nodes.ts';
import { ComponentProcess } from './process.ts';
import { Quorum } from './quorum.ts';
import { until } from './readiness.ts';
import { Relay } from './relay.ts';

/** Nodes that are KWOK processes, one each, on the machine's loopback. */
export class KwokNodes implements Nodes {
  readonly #around: Surroundings;
  readonly #relays: Relay[];
  readonly #egress: Egress;
  readonly #processes = new Map<string, ComponentProcess>();
  readonly #quorum: Quorum;

  constructor(around: Surroundings) {
    const { ports } = around.prepared.plan;
    this.#around = around;
    this.#relays = ports.relays.map(() => new Relay(ports.apiserver));
    this.#egress = new Egress(ports.kubelets.map((port, number) => [`${nodeAddress(number)}:${kubeletPort}`, port]));
    this.#quorum = new Quorum(around.api, (name) => this.#processes.get(name)?.status.state === 'running');
  }

  async open(): Promise<void> {
    const { folder, ports } = this.#around.prepared.plan;
    await this.#egress.listen(folder.egressSocket);
    await Promise.all(this.#relays.map((relay, number) => relay.listen(ports.relays[number] as number)));
  }

  async start(): Promise<void> {
    const { api, signal } = this.#around;
    // KWOK's first try to make its Lease fails without the namespace, and the second comes seconds later.
    await until('namespace kube-node-lease', () => api.exists('/api/v1/namespaces/kube-node-lease'), signal);
    const incarnations = new Incarnations();
    await Promise.all(this.#relays.map((relay, number) => this.#startOne(number, relay, incarnations)));
    void this.#quorum.run();
  }

  isCut(number: number): boolean {
    return this.#relays[number]?.isCut ?? false;
  }

  async act(number: number, verb: NodeVerb): Promise<void> {
    const relay = this.#relays[number];
    if (!relay) throw new Error(`There is no node ${number}: this sandbox has 0 to ${this.#relays.length - 1}.`);
    if (verb === 'apicut') relay.cut();
    else if (verb === 'apijoin') relay.join();
    else throw new Error(`node ${verb} needs real nodes, and these are played by KWOK: start a sandbox with up --real.`);
  }

  route(address: string, port: number, local: number | undefined): void {
    this.#egress.route(address, port, local);
  }

  /** The loss of a node changes no Pod at once, but does a quorum. */
  async afterAction(): Promise<void> {
    await this.#quorum.judge().catch(() => {});
  }

  async close(): Promise<void> {
    this.#quorum.stop();
    this.#egress.close();
    for (const relay of this.#relays) relay.close();
  }

  async #startOne(number: number, relay: Relay, incarnations: Incarnations): Promise<void> {
    const { prepared, api, signal, add } = this.#around;
    const { plan } = prepared;
    const { path, body } = node(number, plan.options.binaries.version);
    await api.create(path, body);
    const component = add(new ComponentProcess(nodeDefinition(plan, number, api, relay, incarnations), plan.folder));
    this.#processes.set(nodeName(number), component);
    await component.start();
    await untilSchedulable(api, number, signal);
  }
}
