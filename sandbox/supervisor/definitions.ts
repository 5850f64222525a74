import { apiserver, controllerManager, etcd, type Plan, provisioner, scheduler } from '../control-plane/commands.ts';
import type { Api } from './api.ts';
import type { Definition } from './process.ts';
import { answers, until } from './readiness.ts';

/** The components of the control plane, in the order in which they need one another. */
export function controlPlane(plan: Plan, api: Api): Definition[] {
  const { ports } = plan;
  return [
    {
      name: 'etcd',
      command: () => etcd(plan),
      // The API server waits for etcd by itself; a start of etcd alone is over when the API server is content again.
      ready: async () => {},
    },
    {
      name: 'kube-apiserver',
      command: () => apiserver(plan),
      ready: (signal) => until('kube-apiserver: /readyz', () => api.isReady(), signal),
    },
    {
      name: 'kube-controller-manager',
      command: () => controllerManager(plan),
      ready: (signal) => until('kube-controller-manager: /healthz', () => answers(ports.controllers, '/healthz'), signal),
    },
    {
      name: 'kube-scheduler',
      command: () => scheduler(plan),
      ready: (signal) => until('kube-scheduler: /healthz', () => answers(ports.scheduler, '/healthz'), signal),
    },
    { name: 'provisioner', command: () => provisioner(plan), ready: async () => {} },
  ];
}
