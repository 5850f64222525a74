import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { nodeName } from '../control-plane/kwok.ts';
import type { Folder } from '../host/folder.ts';

/** Where things of real nodes lie in the state folder. */
export interface NodeLayout {
  name: string;
  dir: string;
  spec: string;
  /** The node's /var, so its containers, its kubelet's files and the volumes of class `local`. */
  var: string;
  control: string;
  /** Which cgroups were made for it. */
  cgroups: string;
  kubeletConfig: string;
  containerdConfig: string;
  cni: string;
  resolv: string;
}

export const nodesFolder = ({ dir }: Pick<Folder, 'dir'>): string => join(dir, 'nodes');

export function layoutOf(folder: Folder, node: number): NodeLayout {
  const name = nodeName(node);
  const dir = join(nodesFolder(folder), name);
  return {
    name,
    dir,
    spec: join(dir, 'spec.json'),
    var: join(dir, 'var'),
    // Beside control.sock and no longer than it: the length of such a path is limited.
    control: join(folder.dir, `${node}.sock`),
    cgroups: join(dir, 'cgroups'),
    kubeletConfig: join(dir, 'kubelet.yaml'),
    containerdConfig: join(dir, 'containerd.toml'),
    cni: join(dir, 'cni'),
    resolv: join(dir, 'resolv.conf'),
  };
}

/** The way from the nodes' network to the API server. */
export const apiSocket = ({ dir }: Folder): string => join(dir, 'api.sock');

/** Cgroups are the machine's own, so their names tell sandboxes apart by the state folder. */
export function cgroupName({ dir }: Folder, node: number): string {
  const id = createHash('sha256').update(dir).digest('hex').slice(0, 8);
  return `sts-safe-${id}-${nodeName(node)}`;
}
