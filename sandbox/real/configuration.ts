import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Plan } from '../control-plane/commands.ts';
import { profiles } from '../control-plane/profile.ts';
import { gateway, realPodRange } from './addresses.ts';
import { pauseImage } from './images.ts';
import { layoutOf } from './layout.ts';
import type { RealParts } from './parts.ts';

/** Writes what the programs of one node read. */
export function writeNodeConfiguration(plan: Plan, parts: RealParts, node: number): void {
  const layout = layoutOf(plan.folder, node);
  mkdirSync(layout.cni, { recursive: true });
  mkdirSync(layout.var, { recursive: true });
  writeFileSync(layout.resolv, `nameserver ${gateway}\n`);
  writeFileSync(join(layout.cni, '10-bridge.conflist'), JSON.stringify(podNetwork(node)));
  writeFileSync(layout.containerdConfig, containerdConfiguration(parts, layout.cni));
  writeFileSync(layout.kubeletConfig, stringify(kubeletConfiguration(plan, layout.resolv)));
}

const podNetwork = (node: number) => ({
  cniVersion: '1.0.0',
  name: 'sandbox',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: realPodRange(node) }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true }, backend: 'nftables' },
  ],
});

/** The plugin "opt" would make /opt/containerd on this machine. */
const containerdConfiguration = ({ runc, bridge }: RealParts, cni: string): string => `version = 3
root = '/var/lib/containerd'
state = '/run/containerd'
disabled_plugins = ['io.containerd.internal.v1.opt']
[grpc]
  address = '/run/containerd/containerd.sock'
[plugins.'io.containerd.nri.v1.nri']
  disable = true
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${pauseImage}'
[plugins.'io.containerd.cri.v1.runtime']
  # Without CAP_SYS_RESOURCE nobody may lower the score.
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
    BinaryName = '${runc}'
    SystemdCgroup = false
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['${dirname(bridge)}']
  conf_dir = '${cni}'
`;

function kubeletConfiguration({ options, folder }: Plan, resolv: string): object {
  const { leaseSeconds } = profiles[options.profile];
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(folder.pki, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    // Refused by default since 1.35; there is still much of it about.
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    clusterDNS: [gateway],
    clusterDomain: 'cluster.local',
    resolvConf: resolv,
    // The default is on the machine's /usr.
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    makeIPTablesUtilChains: false,
    failSwapOn: false,
    // The machine's disk and memory are not the nodes' to judge.
    evictionHard: Object.fromEntries(
      ['memory.available', 'nodefs.available', 'nodefs.inodesFree', 'imagefs.available'].map((it) => [it, '0%']),
    ),
    imageGCHighThresholdPercent: 100,
    nodeStatusUpdateFrequency: '1s',
    nodeStatusReportFrequency: '10s',
    nodeLeaseDurationSeconds: leaseSeconds,
    syncFrequency: '5s',
    maxPods: 250,
  };
}
