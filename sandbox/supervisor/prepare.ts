import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../control-plane/commands.ts';
import { writeConfiguration } from '../control-plane/configuration.ts';
import {
  type Credentials,
  contextOf,
  issueCredentials,
  type Kubeconfig,
  makeAuthority,
  writeKubeconfig,
} from '../control-plane/credentials.ts';
import { nodeName } from '../control-plane/kwok.ts';
import type { BootOptions } from '../control-plane/options.ts';
import { assignPorts } from '../control-plane/ports.ts';
import type { Folder } from '../host/folder.ts';
import { gateway, gatewayPort } from '../real/addresses.ts';

export interface Prepared {
  plan: Plan;
  authority: string;
  /** The supervisor's own. */
  credentials: Credentials;
}

/** system:masters spares KWOK, the provisioner and the supervisor roles of their own; the audit log tells them apart by user. */
const masters = 'system:masters';

/** Writes all that components read: certificates, kubeconfigs, configuration. */
export async function prepare(options: BootOptions, folder: Folder, claimed: number[]): Promise<Prepared> {
  for (const dir of [folder.config, folder.users, folder.volumes, join(folder.dir, 'home')]) mkdirSync(dir, { recursive: true });
  const ports = assignPorts(claimed, options.nodes);
  await makeAuthority(options.binaries.pki, folder);
  const authority = readFileSync(join(folder.pki, 'ca.crt'), 'utf8');
  const issue = (user: string, ...groups: string[]) => issueCredentials(options.binaries.pki, folder, user, groups);
  const write = async (path: string, way: Way, user: string, ...groups: string[]) => {
    const credentials = await issue(user, ...groups);
    writeKubeconfig(path, { context: contextOf(options.name), user, ...way, authority, credentials });
  };
  const own = (name: string) => join(folder.config, `${name}.kubeconfig`);
  const direct = loopback(ports.apiserver);
  await Promise.all([
    write(folder.kubeconfig, direct, 'admin', masters),
    write(own('kube-controller-manager'), direct, 'system:kube-controller-manager'),
    write(own('kube-scheduler'), direct, 'system:kube-scheduler'),
    write(own('provisioner'), direct, 'system:sandbox:provisioner', masters),
    ...ports.relays.map((port, node) => write(own(nodeName(node)), loopback(port), `system:node:${nodeName(node)}`, masters)),
    ...(options.real ? realNodes(options.nodes, write, own) : []),
  ]);
  if (options.real) await writeKubeletClient(folder, issue);
  const config = writeConfiguration(folder);
  return { plan: { options, folder, ports, config }, authority, credentials: await issue('system:sandbox', masters) };
}

/** How somebody reaches the API server. */
type Way = Pick<Kubeconfig, 'server' | 'serverName'>;

const loopback = (port: number): Way => ({ server: `https://127.0.0.1:${port}` });

/** The certificate knows no address in the nodes' network. */
const throughFabric: Way = { server: `https://${gateway}:${gatewayPort}`, serverName: 'kubernetes' };

/** Real kubelets and kube-proxy are bound by the roles that Kubernetes has for them. */
function realNodes(
  nodes: number,
  write: (path: string, way: Way, user: string, ...groups: string[]) => Promise<void>,
  own: (name: string) => string,
): Promise<void>[] {
  const names = Array.from({ length: nodes }, (_, node) => nodeName(node));
  return [
    ...names.map((name) => write(own(name), throughFabric, `system:node:${name}`, 'system:nodes')),
    write(own('kube-proxy'), throughFabric, 'system:kube-proxy'),
    write(own('coredns'), throughFabric, 'system:sandbox:coredns', masters),
  ];
}

async function writeKubeletClient(folder: Folder, issue: (user: string, ...groups: string[]) => Promise<Credentials>): Promise<void> {
  const { certificate, key } = await issue('kube-apiserver-kubelet-client', masters);
  writeFileSync(join(folder.pki, 'kubelet-client.crt'), certificate, { mode: 0o600 });
  writeFileSync(join(folder.pki, 'kubelet-client.key'), key, { mode: 0o600 });
}
