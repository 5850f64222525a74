/** How soon a silent node is lost. */
export interface Profile {
  /** Flags of the controller manager. */
  nodeMonitor: string[];
  /** How long a Pod stays bound to a lost node before it is evicted; undefined is Kubernetes' own 300 s. */
  tolerationSeconds?: number;
  /** Shorter than the grace period, or a healthy node is lost between two renewals. */
  leaseSeconds: number;
}

export const profiles = {
  /** For a sandbox that several tests share on a busy machine: a stalled process is not a lost node. */
  calm: { nodeMonitor: ['--node-monitor-grace-period=20s'], leaseSeconds: 10 },
  /** For tests of node loss: NotReady after 6 s, evictions 5 s later. */
  quick: {
    nodeMonitor: ['--node-monitor-period=1s', '--node-monitor-grace-period=6s'],
    tolerationSeconds: 5,
    leaseSeconds: 4,
  },
  /** Kubernetes' real times: NotReady after 50 s, evictions 300 s later. */
  default: { nodeMonitor: [], leaseSeconds: 40 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const profileNames = Object.keys(profiles) as ProfileName[];
