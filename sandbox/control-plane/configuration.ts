import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Folder } from '../host/folder.ts';

/** Files in STATE/config that components read. */
export interface ConfigFiles {
  audit: string;
  egress: string;
  kwok: string;
  scheduler: string;
}

export function writeConfiguration(folder: Folder): ConfigFiles {
  const file = (name: string, content: object): string => {
    const path = join(folder.config, name);
    writeFileSync(path, stringify(content, { lineWidth: 0 }));
    return path;
  };
  return {
    audit: file('audit.yaml', auditPolicy),
    egress: file('egress.yaml', egressSelection(folder.egressSocket)),
    kwok: file('kwok.yaml', kwokConfiguration),
    scheduler: file('scheduler.yaml', schedulerConfiguration(join(folder.config, 'kube-scheduler.kubeconfig'))),
  };
}

/** Who did what to which object, once a request: without the stage before the work and without bodies. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

/**
 * Nodes and Pods have made-up addresses, which the API server may proxy to (it refuses loopback ones) and nobody must
 * dial: everything bound for the cluster's network goes through the supervisor's egress proxy.
 */
const egressSelection = (socket: string) => ({
  apiVersion: 'apiserver.k8s.io/v1beta1',
  kind: 'EgressSelectorConfiguration',
  egressSelections: [{ name: 'cluster', connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } } }],
});

/** Every field is set: KWOK applies its defaults only when there is no such document at all, and four Pods at a time are too few. */
const kwokConfiguration = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  options: {
    cidr: '198.18.0.0/21',
    manageAllNodes: false,
    enableDebuggingHandlers: true,
    enableContentionProfiling: false,
    enableProfilingHandler: false,
    podPlayStageParallelism: 32,
    nodePlayStageParallelism: 4,
    nodeLeaseParallelism: 4,
    podsOnNodeSyncParallelism: 4,
    enablePodsOnNodeSyncListPager: true,
    enablePodsOnNodeSyncStreamWatch: false,
  },
};

/** A thousand Pods wait for the scheduler's own limit otherwise: 50 requests a second. */
const schedulerConfiguration = (kubeconfig: string) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  clientConnection: { kubeconfig, qps: 500, burst: 1000 },
  leaderElection: { leaderElect: false },
});
