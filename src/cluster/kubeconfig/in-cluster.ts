import type { Loaded } from './load.ts';
import { type Kubeconfig, NO_CLUSTER, NO_USER } from './model.ts';

/** Where the kubelet puts a Pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The connection of a Pod to its own cluster (client-go rest.InClusterConfig) as a kubeconfig, so that flags lie over it
 * in the same way. Undefined outside of a Pod.
 */
export function inCluster(env: NodeJS.ProcessEnv, folder = SERVICE_ACCOUNT): Loaded | undefined {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (host === '' || port === '' || !existsSync(`${folder}/token`)) return undefined;
  const ca = `${folder}/ca.crt`;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespace = env['POD_NAMESPACE'] || ownNamespace(folder);
  const config: Kubeconfig = {
    currentContext: 'in-cluster',
    contexts: new Map([['in-cluster', { cluster: 'in-cluster', user: 'service account', namespace }]]),
    clusters: new Map([['in-cluster', { ...NO_CLUSTER, server, certificateAuthority: existsSync(ca) ? ca : '' }]]),
    users: new Map([['service account', { ...NO_USER, tokenFile: `${folder}/token` }]]),
  };
  return { config, files: [folder], missing: [] };
}

function ownNamespace(folder: string): string {
  const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
  const file = `${folder}/namespace`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}
