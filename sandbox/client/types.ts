import type { ProfileName } from '../control-plane/profile.ts';
import type { Status } from '../supervisor/control.ts';

export interface SandboxOptions {
  /** Several sandboxes live side by side under different names. */
  name?: string;
  nodes?: number;
  /** Real kubelets and containers in namespaces of their own: Linux and root. */
  real?: boolean;
  /** A minor that has a folder in sandbox/go. */
  minor?: string;
  /** How soon a silent node is lost; see control-plane/profile.ts. */
  profile?: ProfileName;
  /** Requests a second that each controller may send. */
  controllerQps?: number;
  /** `owned` ends with this process, however it ends; `detached` stays until `down`. */
  lifetime: 'owned' | 'detached';
  onProgress?: (line: string) => void;
}

/** One process of a sandbox. Every call resolves when it is done: `start` when the component works again. */
export interface Component {
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: the process hangs, its ports stay open. */
  stop(): Promise<void>;
  /** SIGCONT. */
  cont(): Promise<void>;
  restart(): Promise<void>;
  pid(): Promise<number | undefined>;
}

export interface SandboxNode extends Component {
  /** Cuts the node's way to the API server; its kubelet's port still answers. */
  apicut(): Promise<void>;
  apijoin(): Promise<void>;
  /** Pulls the node's network cable; kubelet and containers go on. Real nodes only, as are the following. */
  cut(): Promise<void>;
  join(): Promise<void>;
  /** Pulls the plug: everything on the node is killed at once. Its disk stays. */
  off(): Promise<void>;
  /** Boots it again from its disk; resolves when it is Ready. */
  on(): Promise<void>;
}

export interface Sandbox {
  name: string;
  /** The state folder. */
  dir: string;
  /** Path of the administrator's kubeconfig, which holds all it needs. */
  kubeconfig: string;
  /** Path of a kubectl of the cluster's version. */
  kubectl: string;
  server: string;
  /** Path of the audit log, a JSON document a line. */
  auditLog: string;
  /** etcd, kube-apiserver, kube-controller-manager, kube-scheduler, provisioner, node-0… */
  component(name: string): Component;
  node(number: number): SandboxNode;
  /** Lets the API server's proxies to `address:port`, a Pod's, reach a loopback port; without `local` refuses them again. */
  route(address: string, port: number, local?: number): Promise<void>;
  /** Path of a kubeconfig with a client certificate for this user. */
  userKubeconfig(user: string, groups?: string[]): Promise<string>;
  status(): Promise<Status>;
  /** Resolves when no process, port or file of it is left. */
  down(): Promise<void>;
}
