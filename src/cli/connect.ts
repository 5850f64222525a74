import { type ConnectHost, connect } from '../cluster/connection.ts';
import type { ConnectionFlags } from '../cluster/flags.ts';
import { clusterReader } from '../cluster/reader.ts';
import type { Clock } from '../domain/clock.ts';
import { readStored } from '../record/index-secret.ts';
import { readSaved } from '../record/saved-sets.ts';
import type { Io } from './io.ts';
import { checkNamespace } from './names.ts';
import type { Cluster, ConnectionValues } from './session.ts';

/** Opens the connection that flags, kubeconfig and environment describe; no request yet. */
export async function openCluster(flags: ConnectionValues, host: ConnectHost): Promise<Cluster> {
  checkNamespace(flags.namespace);
  const connection = await connect(connectionFlagsOf(flags), host);
  return { connection, reader: clusterReader(connection, { one: readStored, all: readSaved }) };
}

/** The host of a connection that has a word to say on stderr: `-v`, exec plugins. */
export function connectHost({ env, stderr }: Pick<Io, 'env' | 'stderr'>, clock: Clock): ConnectHost {
  return { env: { ...env }, clock, log: (line) => void stderr.write(line.endsWith('\n') ? line : `${line}\n`) };
}

function connectionFlagsOf(flags: ConnectionValues): ConnectionFlags {
  const { 'request-timeout': timeoutMs } = flags;
  return {
    kubeconfig: flags.kubeconfig,
    kuberc: flags.kuberc,
    context: flags.context,
    cluster: flags.cluster,
    user: flags.user,
    namespace: flags.namespace,
    server: flags.server,
    token: flags.token,
    as: flags.as,
    asGroup: flags['as-group'],
    asUid: flags['as-uid'],
    certificateAuthority: flags['certificate-authority'],
    clientCertificate: flags['client-certificate'],
    clientKey: flags['client-key'],
    insecureSkipTlsVerify: flags['insecure-skip-tls-verify'],
    tlsServerName: flags['tls-server-name'],
    requestTimeout: timeoutMs === undefined ? undefined : `${timeoutMs}ms`,
    verbosity: flags.v,
  };
}
