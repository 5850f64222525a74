import { CannotError } from '../../domain/errors.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './model.ts';
import type { Selected } from './select.ts';

/**
 * What kubectl refuses before it sends anything (client-go tools/clientcmd/validation.go). First fault as CannotError, which
 * names the entry that it is in.
 * That *-data and the file of one thing are given together is an error there too, although its text speaks of overriding.
 */
export function validateSelected(selected: Selected): void {
  const { clusterName, userName, cluster, user } = selected;
  refuse('cluster', clusterName, [...clusterFaults(cluster)]);
  refuse('user', userName, [...userFaults(user), ...certificateFaults(user), ...execFaults(user.exec)]);
}

function refuse(kind: string, name: string, [fault]: readonly string[]): void {
  // What flags alone make up has no name.
  if (fault !== undefined) throw new CannotError(`${name === '' ? kind : `kubeconfig ${kind} "${name}"`}: ${fault}`);
}

function* clusterFaults(cluster: ClusterEntry): Generator<string> {
  if (cluster.server === '') yield 'it has no server';
  const ca = cluster.certificateAuthority !== '';
  const caData = cluster.certificateAuthorityData !== '';
  if (ca && caData) yield 'certificate-authority and certificate-authority-data are both given';
  if ((ca || caData) && cluster.insecureSkipTlsVerify) yield 'a certificate authority is given together with insecure-skip-tls-verify';
}

function* userFaults(user: UserEntry): Generator<string> {
  if (user.token !== '' && (user.username !== '' || user.password !== '')) yield 'a token and a username are both given';
  const details = user.asUid !== '' || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0;
  if (details && user.as === '') yield 'impersonating a uid, groups or extra needs a user (--as)';
  if (user.exec !== undefined && user.authProvider !== undefined) yield 'exec and auth-provider are both given';
}

function* certificateFaults(user: UserEntry): Generator<string> {
  if (user.clientCertificate === '' && user.clientCertificateData === '') return;
  if (user.clientCertificate !== '' && user.clientCertificateData !== '')
    yield 'client-certificate and client-certificate-data are both given';
  if (user.clientKey !== '' && user.clientKeyData !== '') yield 'client-key and client-key-data are both given';
  if (user.clientKey === '' && user.clientKeyData === '') yield 'a client certificate needs client-key or client-key-data';
}

function* execFaults(exec: ExecEntry | undefined): Generator<string> {
  if (exec === undefined) return;
  if (exec.command === '') yield 'exec has no command';
  if (exec.apiVersion === '') yield 'exec has no apiVersion';
  if (exec.env.some(({ name }) => name === '')) yield 'exec has an env entry without a name';
  if (exec.interactiveMode === '') yield 'exec has no interactiveMode';
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode))
    yield `exec has an unknown interactiveMode "${exec.interactiveMode}"`;
}
