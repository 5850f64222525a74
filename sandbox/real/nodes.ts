import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { nodeName } from '../control-plane/kwok.ts';
import { untilSchedulable } from '../supervisor/node.ts';
import type { Nodes, NodeVerb, Surroundings } from '../supervisor/nodes.ts';
import { ComponentProcess } from '../supervisor/process.ts';
import { until } from '../supervisor/readiness.ts';
import { Relay } from '../supervisor/relay.ts';
import { gateway, realAddress, realPodRange } from './addresses.ts';
import { removeAllCgroups } from './cgroups.ts';
import { coredns, fabric } from './commands.ts';
import { writeNodeConfiguration } from './configuration.ts';
import { apiSocket } from './layout.ts';
import { Machine } from './machine.ts';
import { apiEndpoints } from './objects.ts';
import type { RealParts } from './parts.ts';
import { reaches } from './reach.ts';

const run = promisify(execFile);

/** Nodes that are machines of their own: kubelet, containerd and kube-proxy in namespaces, joined by a bridge. */
export class RealNodes implements Nodes {
  readonly #around: Surroundings;
  readonly #parts: RealParts;
  readonly #relay: Relay;
  readonly #fabric: ComponentProcess;
  readonly #cutOff = { cable: new Set<number>(), api: new Set<number>() };
  #machines: Machine[] = [];
  #booting: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings, parts: RealParts) {
    const { plan } = around.prepared;
    this.#around = around;
    this.#parts = parts;
    this.#relay = new Relay(plan.ports.apiserver);
    const definition = {
      name: 'fabric',
      command: () => fabric(plan, parts),
      ready: (signal: AbortSignal) => until('the network between the nodes', async () => existsSync(plan.folder.egressSocket), signal),
    };
    this.#fabric = around.add(new ComponentProcess(definition, plan.folder));
  }

  /** Machines are switched on before there is an API server: containerd and the images do not need it. */
  async open(): Promise<void> {
    const { prepared, api, signal, add } = this.#around;
    const { plan } = prepared;
    await this.#relay.listen(apiSocket(plan.folder));
    await this.#fabric.start();
    const fabricPid = this.#fabric.status.pid as number;
    this.#machines = Array.from({ length: plan.options.nodes }, (_, number) => {
      writeNodeConfiguration(plan, this.#parts, number);
      const isCut = () => this.isCut(number);
      return add(new Machine({ plan, parts: this.#parts, number, api, fabricPid, signal, isCut }));
    });
    this.#booting = Promise.all(this.#machines.map((it) => it.boot()));
    this.#booting.catch(() => {});
  }

  async start(): Promise<void> {
    const { api, signal } = this.#around;
    await api.create(apiEndpoints.path, apiEndpoints.body);
    await Promise.all([this.#startNames(), this.#booting]);
    await Promise.all(
      this.#machines.map(async (it, number) => {
        await it.start();
        await untilSchedulable(api, number, signal);
      }),
    );
  }

  isCut(number: number): boolean {
    return this.#cutOff.cable.has(number) || this.#cutOff.api.has(number);
  }

  async act(number: number, verb: NodeVerb): Promise<void> {
    const machine = this.#machines[number];
    if (!machine) throw new Error(`There is no node ${number}: this sandbox has 0 to ${this.#machines.length - 1}.`);
    const verbs: Record<NodeVerb, () => Promise<void>> = {
      apicut: () => this.#loseApi(number, true),
      apijoin: () => this.#loseApi(number, false),
      cut: () => this.#pullCable(number, true),
      join: () => this.#pullCable(number, false),
      off: async () => {
        await machine.off();
        // The cable goes with the machine's network.
        this.#cutOff.cable.delete(number);
      },
      on: async () => {
        await machine.boot();
        await machine.start();
      },
    };
    await verbs[verb]();
  }

  route(): void {
    throw new Error('Pods on real nodes answer for themselves: there is nothing to route.');
  }

  async afterAction(): Promise<void> {}

  async close(): Promise<void> {
    await Promise.all(this.#machines.map((it) => it.off()));
    await removeAllCgroups(this.#around.prepared.plan.folder);
    this.#relay.close();
  }

  async #startNames(): Promise<void> {
    const { prepared, add } = this.#around;
    const names = add(
      new ComponentProcess(
        {
          name: 'coredns',
          command: () => coredns(prepared.plan, this.#parts, this.#fabric.status.pid as number),
          ready: (signal) => until('coredns', () => reaches(prepared.plan.folder.egressSocket, `${gateway}:53`), signal),
        },
        prepared.plan.folder,
      ),
    );
    await names.start();
  }

  async #pullCable(number: number, isCut: boolean): Promise<void> {
    if (!(await this.#inFabric('ip', 'link', 'set', nodeName(number), isCut ? 'down' : 'up'))) {
      throw new Error(`${nodeName(number)} has no cable: switch it on with "node on ${number}".`);
    }
    if (isCut) this.#cutOff.cable.add(number);
    else this.#cutOff.cable.delete(number);
  }

  async #loseApi(number: number, isCut: boolean): Promise<void> {
    if (this.#cutOff.api.has(number) === isCut) return;
    const addresses = `{ ${realAddress(number)}, ${realPodRange(number)} }`;
    await this.#inFabric('nft', isCut ? 'add' : 'delete', 'element', 'inet', 'sandbox', 'cut', addresses);
    if (isCut) this.#cutOff.api.add(number);
    else this.#cutOff.api.delete(number);
  }

  /** Answers whether the command was content. */
  async #inFabric(...command: string[]): Promise<boolean> {
    const net = `--net=/proc/${this.#fabric.status.pid}/ns/net`;
    const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    return run('nsenter', [net, '--', ...command], { env }).then(
      () => true,
      () => false,
    );
  }
}
