import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Plan } from '../control-plane/commands.ts';
import { nodeName } from '../control-plane/kwok.ts';
import { allPodRanges, gateway, gatewayPort, maximumRealNodes, realAddress, realPodRange } from './addresses.ts';
import { apiSocket, cgroupName, layoutOf } from './layout.ts';
import { type RealParts, searchPath } from './parts.ts';

const numbers = Array.from({ length: maximumRealNodes }, (_, number) => number);
const podRoute = (node: number): string => `${realPodRange(node)}=${realAddress(node)}`;

/** `unshare` only changes the network namespace and becomes the fabric: same pid, same parent. */
export function fabric({ folder }: Plan, parts: RealParts): Command {
  return {
    file: 'unshare',
    args: [
      '--net',
      '--',
      parts.fabric,
      `--gateway=${gateway}/24`,
      `--listen=${gateway}:${gatewayPort}`,
      `--api=${apiSocket(folder)}`,
      `--egress=${folder.egressSocket}`,
      ...numbers.map((it) => `--route=${podRoute(it)}`),
    ],
  };
}

/** In the fabric's network, at the gateway's address. */
export function coredns({ folder }: Plan, parts: RealParts, fabricPid: number): Command {
  const corefile = join(folder.config, 'Corefile');
  const kubeconfig = join(folder.config, 'coredns.kubeconfig');
  writeFileSync(
    corefile,
    `.:53 {\n bind ${gateway}\n errors\n kubernetes cluster.local in-addr.arpa {\n  kubeconfig ${kubeconfig}\n  ttl 1\n }\n}\n`,
  );
  return { file: 'nsenter', args: [`--net=/proc/${fabricPid}/ns/net`, '--', parts.coredns, '-conf', corefile] };
}

/** Writes the specification that go/node/machine/spec.go reads. */
export function machine(plan: Plan, parts: RealParts, node: number, fabricPid: number): Command {
  const { folder } = plan;
  const layout = layoutOf(folder, node);
  const log = (service: string): string => join(folder.logs, `${service}.log`);
  mkdirSync(layout.dir, { recursive: true });
  const spec = {
    Hostname: layout.name,
    Var: layout.var,
    Control: layout.control,
    Cgroup: cgroupName(folder, node),
    CgroupList: layout.cgroups,
    Path: searchPath(parts),
    Fabric: fabricPid,
    Link: layout.name,
    Address: `${realAddress(node)}/24`,
    Gateway: gateway,
    Routes: numbers.filter((it) => it !== node).map(podRoute),
    Resolv: layout.resolv,
    Images: parts.images,
    Runtime: { Name: 'containerd', Log: log(`containerd-${node}`), Command: [parts.containerd, '--config', layout.containerdConfig] },
    Services: [
      { Name: 'kubelet', Log: log(layout.name), Command: kubelet(plan, parts, node) },
      { Name: 'kube-proxy', Log: log(`kube-proxy-${node}`), Command: kubeProxy(plan, parts, node) },
    ],
  };
  writeFileSync(layout.spec, JSON.stringify(spec, null, 2));
  return { file: parts.machine, args: [layout.spec] };
}

function kubelet({ folder }: Plan, parts: RealParts, node: number): string[] {
  return [
    parts.kubelet,
    `--config=${layoutOf(folder, node).kubeletConfig}`,
    `--kubeconfig=${join(folder.config, `${nodeName(node)}.kubeconfig`)}`,
    '--root-dir=/var/lib/kubelet',
    `--cert-dir=/var/lib/kubelet/pki`,
    `--hostname-override=${nodeName(node)}`,
    `--node-ip=${realAddress(node)}`,
    `--node-labels=topology.kubernetes.io/region=sandbox,topology.kubernetes.io/zone=zone-${'abc'[node % 3]}`,
    '--v=2',
  ];
}

function kubeProxy({ folder }: Plan, parts: RealParts, node: number): string[] {
  return [
    parts.kubeProxy,
    `--kubeconfig=${join(folder.config, 'kube-proxy.kubeconfig')}`,
    '--proxy-mode=nftables',
    `--cluster-cidr=${allPodRanges}`,
    `--hostname-override=${nodeName(node)}`,
    // Of the whole machine, and not to be changed.
    '--conntrack-max-per-core=0',
    '--conntrack-tcp-timeout-established=0',
    '--conntrack-tcp-timeout-close-wait=0',
    '--healthz-bind-address=127.0.0.1:10256',
  ];
}
