import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../control-plane/commands.ts';
import { writeConfiguration } from '../control-plane/configuration.ts';
import { type Credentials, contextOf, issueCredentials, makeAuthority, writeKubeconfig } from '../control-plane/credentials.ts';
import { nodeName } from '../control-plane/kwok.ts';
import type { BootOptions } from '../control-plane/options.ts';
import { assignPorts } from '../control-plane/ports.ts';
import type { Folder } from '../host/folder.ts';

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
  const write = async (path: string, port: number, user: string, ...groups: string[]) => {
    const credentials = await issue(user, ...groups);
    const server = `https://127.0.0.1:${port}`;
    writeKubeconfig(path, { context: contextOf(options.name), user, server, authority, credentials });
  };
  const own = (name: string) => join(folder.config, `${name}.kubeconfig`);
  await Promise.all([
    write(folder.kubeconfig, ports.apiserver, 'admin', masters),
    write(own('kube-controller-manager'), ports.apiserver, 'system:kube-controller-manager'),
    write(own('kube-scheduler'), ports.apiserver, 'system:kube-scheduler'),
    write(own('provisioner'), ports.apiserver, 'system:sandbox:provisioner', masters),
    ...ports.relays.map((port, node) => write(own(nodeName(node)), port, `system:node:${nodeName(node)}`, masters)),
  ]);
  const config = writeConfiguration(folder);
  return { plan: { options, folder, ports, config }, authority, credentials: await issue('system:sandbox', masters) };
}
