import { join } from 'node:path';
import type { Command, Plan } from './commands.ts';
import { profiles } from './profile.ts';

const stages = join(import.meta.dirname, '..', 'stages');
const stageFiles = ['node.yaml', 'pods.yaml', 'faults.yaml', 'quorum.yaml', 'kubelet.yaml'].map((file) => join(stages, file));

export const nodeName = (node: number): string => `node-${node}`;

/** TEST-NET-1: a documentation range, so it is nobody's address. */
export const nodeAddress = (node: number): string => `192.0.2.${10 + node}`;

/** The port that every node says its kubelet has; the egress proxy maps it to a loopback port. */
export const kubeletPort = 10_250;

/** 2,046 addresses a process; 198.18.0.0/15 holds 64 such blocks. */
const blockSize = 2048;
const blocks = 64;

/**
 * The Pod addresses of the n-th KWOK process of a sandbox. KWOK forgets what it gave out, so a restarted node gets a
 * block of its own; after 64 starts the first is used again.
 */
export function podRange(incarnation: number): string {
  const offset = (incarnation % blocks) * blockSize;
  return `198.${18 + (offset >> 16)}.${(offset >> 8) & 255}.0/21`;
}

export function kwok(plan: Plan, node: number, incarnation: number): Command {
  const { options, folder, ports, config } = plan;
  return {
    file: options.binaries.kwok,
    args: [
      `--kubeconfig=${join(folder.config, `${nodeName(node)}.kubeconfig`)}`,
      `--config=${[config.kwok, ...stageFiles].join(',')}`,
      `--manage-single-node=${nodeName(node)}`,
      `--node-ip=${nodeAddress(node)}`,
      `--node-port=${kubeletPort}`,
      `--server-address=127.0.0.1:${ports.kubelets[node]}`,
      `--node-lease-duration-seconds=${profiles[options.profile].leaseSeconds}`,
      `--cidr=${podRange(incarnation)}`,
    ],
  };
}
