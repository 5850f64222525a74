import { delimiter, dirname } from 'node:path';

/** Paths of what real nodes are made of, beside the binaries that every sandbox runs. */
export interface RealParts {
  kubelet: string;
  kubeProxy: string;
  containerd: string;
  runc: string;
  /** The CNI plugin `bridge`; the others lie beside it. */
  bridge: string;
  coredns: string;
  fabric: string;
  machine: string;
  /** Archives of container images, the pause image first. */
  images: string[];
}

/** Where a node finds its programs: our own, then the machine's (mount, nft, ip). */
export function searchPath({ containerd, runc }: RealParts): string {
  return [dirname(containerd), dirname(runc), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(
    delimiter,
  );
}
