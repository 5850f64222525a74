import type { Api } from './api.ts';
import type { Prepared } from './prepare.ts';
import type { Component } from './process.ts';

/** What can be done to a node beyond what can be done to its kubelet, which is the component `node-N`. */
export const nodeVerbs = ['apicut', 'apijoin', 'cut', 'join', 'off', 'on'] as const;
export type NodeVerb = (typeof nodeVerbs)[number];

/** The nodes of one sandbox: played by KWOK, or real. */
export interface Nodes {
  /** Opens the ways between the API server and the nodes; called before it starts. */
  open(): Promise<void>;
  /** Called when the API server answers; resolves when Pods can be scheduled to all nodes. */
  start(): Promise<void>;
  /** True if the node cannot reach the API server because somebody cut it off. */
  isCut(number: number): boolean;
  act(number: number, verb: NodeVerb): Promise<void>;
  /** Sends what the API server proxies to a Pod's port to a loopback port; without one, refuses it again. */
  route(address: string, port: number, local: number | undefined): void;
  /** Called after any component was acted on. */
  afterAction(): Promise<void>;
  /** Called before the components are killed: ends what is no component and frees what belongs to the machine. */
  close(): Promise<void>;
}

/** What the nodes get from the sandbox that they belong to. */
export interface Surroundings {
  prepared: Prepared;
  api: Api;
  /** Aborts when the sandbox ends. */
  signal: AbortSignal;
  /** Makes a component known: it is told in the status, takes commands, and is killed at the end. */
  add: <T extends Component>(component: T) => T;
}
