import { join } from 'node:path';
import { type GoModule, goRoot, kubeFlags, plainFlags } from '../build/modules.ts';

const cni = 'github.com/containernetworking/plugins/plugins';
const containerd = 'github.com/containerd/containerd/v2/cmd';

/** The modules that real nodes run, beside those of every sandbox. */
export function realModules(minor: string, version: string): GoModule[] {
  const at = (folder: string): string => join(goRoot, folder);
  return [
    {
      name: `kubelet-${minor}`,
      dir: at(`kube-${minor}`),
      packages: ['./kubelet', './kube-proxy'],
      binaries: ['kubelet', 'kube-proxy'],
      flags: kubeFlags(version),
    },
    {
      name: 'containerd',
      dir: at('containerd'),
      packages: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((it) => `${containerd}/${it}`),
      binaries: ['containerd', 'containerd-shim-runc-v2', 'ctr'],
      flags: [...plainFlags, '-tags', 'no_btrfs,no_zfs,no_devmapper'],
    },
    {
      name: 'runc',
      dir: at('runc'),
      packages: ['github.com/opencontainers/runc'],
      binaries: ['runc'],
      // The kubelet asks for a seccomp profile for every Pod. Static: it runs in Pods' file systems.
      flags: [...plainFlags.slice(0, -1), '-s -w -extldflags "-static"', '-tags', 'seccomp,netgo,osusergo'],
      cgo: true,
    },
    {
      name: 'cni',
      dir: at('cni'),
      packages: ['main/bridge', 'main/loopback', 'ipam/host-local', 'meta/portmap'].map((it) => `${cni}/${it}`),
      binaries: ['bridge', 'loopback', 'host-local', 'portmap'],
      flags: plainFlags,
    },
    { name: 'coredns', dir: at('coredns'), packages: ['.'], binaries: ['coredns'], flags: plainFlags },
    {
      name: 'node',
      dir: at('node'),
      packages: ['./fabric', './machine', './pause', './fence'],
      binaries: ['fabric', 'machine', 'pause', 'fence'],
      flags: plainFlags,
    },
    { name: 'etcd', dir: at('etcd'), packages: ['./etcd', './etcdctl'], binaries: ['etcd', 'etcdctl'], flags: plainFlags },
  ];
}
