import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { command } from '../client/control.ts';
import type { Plan } from '../control-plane/commands.ts';
import type { Api } from '../supervisor/api.ts';
import { untilWorking } from '../supervisor/node.ts';
import { type Component, ComponentProcess, type ComponentStatus, type Exit, type State } from '../supervisor/process.ts';
import { until } from '../supervisor/readiness.ts';
import { removeCgroups } from './cgroups.ts';
import { machine } from './commands.ts';
import { layoutOf, type NodeLayout } from './layout.ts';
import type { RealParts } from './parts.ts';
import { machinePid } from './pids.ts';

/** What go/node/machine tells of a service; the pid is in the node's own numbers. */
interface Service {
  name: string;
  state: State;
  pid?: number;
  starts: number;
  exit?: Exit;
}

export interface MachineWish {
  plan: Plan;
  parts: RealParts;
  number: number;
  api: Api;
  fabricPid: number;
  /** Aborts when the sandbox ends. */
  signal: AbortSignal;
  /** True while nothing is to be heard of the node. */
  isCut: () => boolean;
}

/** One real node. As a component it is its kubelet, as a KWOK node is; `off` and `on` are the whole machine. */
export class Machine implements Component {
  readonly name: string;
  readonly #wish: MachineWish;
  readonly #layout: NodeLayout;
  readonly #power: ComponentProcess;

  constructor(wish: MachineWish) {
    const { plan, parts, number, fabricPid } = wish;
    this.#wish = wish;
    this.#layout = layoutOf(plan.folder, number);
    this.name = this.#layout.name;
    this.#power = new ComponentProcess(
      {
        name: `machine-${number}`,
        command: () => machine(plan, parts, number, fabricPid),
        ready: (signal) => until(`${this.name}: containerd and images`, () => isThere(this.#layout.control), signal),
      },
      plan.folder,
    );
  }

  get status(): Promise<ComponentStatus> {
    return this.#status();
  }

  /** Resolves when the kubelet works; starts what does not run on a node that is on. */
  async start(): Promise<void> {
    if (!this.#isOn) throw new Error(`${this.name} is switched off: switch it on with "node on ${this.#wish.number}".`);
    if ((await this.#status()).state === 'stopped') {
      throw new Error(`${this.name} is stopped by SIGSTOP: continue it with "cont", or kill it first.`);
    }
    const { api, number, signal, isCut } = this.#wish;
    const since = new Date();
    await this.#ask('POST', '/start');
    if (!isCut()) await untilWorking(api, number, since, signal);
  }

  async kill(): Promise<void> {
    if (this.#isOn) await this.#ask('POST', '/kubelet/kill');
  }

  async stop(): Promise<void> {
    await this.#ask('POST', '/kubelet/stop');
  }

  async cont(): Promise<void> {
    await this.#ask('POST', '/kubelet/cont');
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Switches the machine on; resolves when containers could be started on it. */
  async boot(): Promise<void> {
    await this.#power.start();
    await this.#ask('GET', '/ready');
  }

  /** Pulls the plug; resolves when no process of it is left. */
  async off(): Promise<void> {
    await this.#power.kill();
    await removeCgroups(this.#layout.cgroups);
  }

  get #isOn(): boolean {
    return this.#power.status.state === 'running';
  }

  async #status(): Promise<ComponentStatus> {
    const { pid: outer, unexpectedExit, starts } = this.#power.status;
    const off: ComponentStatus = { name: this.name, state: 'ended', starts, ...(unexpectedExit ? { unexpectedExit } : {}) };
    if (outer === undefined) return off;
    const services = await this.#ask<Service[]>('GET', '/services').catch(() => []);
    const kubelet = services.find((it) => it.name === 'kubelet');
    if (!kubelet) return off;
    const pid = kubelet.pid === undefined ? undefined : machinePid(outer, kubelet.pid);
    return {
      name: this.name,
      state: kubelet.state,
      starts: kubelet.starts,
      ...(pid === undefined ? {} : { pid }),
      ...(kubelet.exit ? { unexpectedExit: kubelet.exit } : {}),
    };
  }

  #ask<T = void>(method: string, path: string): Promise<T> {
    return command<T>({ controlSocket: this.#layout.control }, method, path);
  }
}

/** True if somebody listens on the socket: the file of the last boot stays. */
function isThere(path: string): Promise<boolean> {
  if (!existsSync(path)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const asked = request({ socketPath: path, path: '/services' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('error', () => resolve(false)).end();
  });
}
