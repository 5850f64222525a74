import { CannotError } from '../../domain/errors.ts';
import { suggestion } from '../../domain/near.ts';
import type { ConnectionFlags } from '../flags.ts';
import type { Loaded } from './load.ts';
import { type ClusterEntry, type ContextEntry, NO_CLUSTER, NO_CONTEXT, NO_USER, type UserEntry } from './model.ts';

/** What the flags and the kubeconfig say together, before any file that they name is read. */
export interface Selected {
  /** Empty where no context is used. */
  readonly context: string;
  readonly clusterName: string;
  readonly userName: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** Empty where neither -n nor the context names one. */
  readonly namespace: string;
}

/**
 * Picks context, cluster and user, and lays the flags over them (client-go DirectClientConfig). Where kubectl would go to
 * localhost:8080, or on without credentials, because a name leads nowhere, this says which name: CannotError.
 *
 * @returns undefined when neither flags nor kubeconfig name a server at all: in a Pod that means the cluster around it.
 */
export function selectContext(loaded: Loaded, flags: ConnectionFlags): Selected | undefined {
  const name = flags.context || loaded.config.currentContext;
  const context = name === '' ? NO_CONTEXT : findContext(name, loaded, flags);
  const clusterName = flags.cluster || context.cluster;
  const userName = flags.user || context.user;
  if (clusterName === '' && !flags.server) {
    if (name === '') return undefined;
    throw new CannotError(`context "${name}" names no cluster`, `see ${where(loaded)}, or give --cluster or --server`);
  }
  return {
    context: name,
    clusterName,
    userName,
    cluster: overlayCluster(findCluster(clusterName, name, loaded, flags), flags),
    user: overlayUser(findUser(userName, name, loaded, flags), flags),
    namespace: flags.namespace || context.namespace,
  };
}

/** Files for messages: `/home/a/.kube/config`. */
export function where(loaded: Pick<Loaded, 'files' | 'missing'>): string {
  return (loaded.files.length > 0 ? loaded.files : loaded.missing).join(', ');
}

function findContext(name: string, loaded: Loaded, flags: ConnectionFlags): ContextEntry {
  const context = loaded.config.contexts.get(name);
  if (context !== undefined) return context;
  const what = flags.context ? `context "${name}"` : `current-context "${name}"`;
  throw new CannotError(`${what} does not exist in ${where(loaded)}`, suggestion(name, [...loaded.config.contexts.keys()]));
}

function findCluster(name: string, context: string, loaded: Loaded, flags: ConnectionFlags): ClusterEntry {
  const cluster = loaded.config.clusters.get(name);
  if (cluster !== undefined) return cluster;
  if (flags.server && !flags.cluster) return NO_CLUSTER;
  throw new CannotError(
    flags.cluster
      ? `cluster "${name}" does not exist in ${where(loaded)}`
      : `cluster "${name}" of context "${context}" does not exist in ${where(loaded)}`,
    suggestion(name, [...loaded.config.clusters.keys()]),
  );
}

function findUser(name: string, context: string, loaded: Loaded, flags: ConnectionFlags): UserEntry {
  const user = loaded.config.users.get(name);
  if (user !== undefined) return user;
  if (name === '' || (!flags.user && (flags.token || flags.clientCertificate))) return NO_USER;
  throw new CannotError(
    flags.user
      ? `user "${name}" does not exist in ${where(loaded)}`
      : `user "${name}" of context "${context}" does not exist in ${where(loaded)}`,
    suggestion(name, [...loaded.config.users.keys()]),
  );
}

/** --insecure-skip-tls-verify or --certificate-authority replace all three CA settings; --server voids the file's tls-server-name. */
function overlayCluster(cluster: ClusterEntry, flags: ConnectionFlags): ClusterEntry {
  const replacesTrust = flags.insecureSkipTlsVerify === true || Boolean(flags.certificateAuthority);
  const trust = replacesTrust
    ? {
        insecureSkipTlsVerify: flags.insecureSkipTlsVerify === true,
        certificateAuthority: flags.certificateAuthority ?? '',
        certificateAuthorityData: '',
      }
    : {};
  const tlsServerName = flags.tlsServerName || flags.server ? (flags.tlsServerName ?? '') : cluster.tlsServerName;
  return { ...cluster, ...trust, tlsServerName, server: flags.server || cluster.server };
}

function overlayUser(user: UserEntry, flags: ConnectionFlags): UserEntry {
  return {
    ...user,
    ...(flags.token ? { token: flags.token, tokenFile: '' } : {}),
    ...(flags.clientCertificate ? { clientCertificate: flags.clientCertificate, clientCertificateData: '' } : {}),
    ...(flags.clientKey ? { clientKey: flags.clientKey, clientKeyData: '' } : {}),
    as: flags.as || user.as,
    asUid: flags.asUid || user.asUid,
    asGroups: flags.asGroup && flags.asGroup.length > 0 ? flags.asGroup : user.asGroups,
    asUserExtra: flags.asUserExtra ? { ...user.asUserExtra, ...flags.asUserExtra } : user.asUserExtra,
  };
}
