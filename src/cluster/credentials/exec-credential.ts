import type { Identity } from '../endpoint.ts';
import type { ClusterEntry, ExecEntry } from '../kubeconfig/model.ts';

/** What a plugin gave, and until when it holds. */
export interface PluginAnswer {
  readonly identity: Identity;
  /** Milliseconds since the epoch; undefined: as long as this process lives, or until a 401. */
  readonly expires: number | undefined;
}

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/**
 * The KUBERNETES_EXEC_INFO that a plugin gets (client-go plugin/pkg/client/auth/exec).
 *
 * @param cluster with its CA already read; only handed on where the kubeconfig says provideClusterInfo
 */
export function execInfo(
  exec: ExecEntry,
  interactive: boolean,
  cluster: ClusterEntry,
  ca: string | undefined,
  proxy: string | undefined,
): string {
  const described = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName || undefined,
    'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify || undefined,
    'certificate-authority-data': ca === undefined ? undefined : Buffer.from(ca).toString('base64'),
    'proxy-url': proxy,
    'disable-compression': cluster.disableCompression || undefined,
    config: cluster.execConfig,
  };
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive, ...(exec.provideClusterInfo ? { cluster: described } : {}) },
  });
}

/** Why this entry cannot be run at all, or undefined. */
export function unsupportedVersion(exec: ExecEntry): string | undefined {
  return VERSIONS.includes(exec.apiVersion) ? undefined : `its apiVersion ${exec.apiVersion} is not known (${VERSIONS.join(', ')})`;
}

interface ExecCredential {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

/** Decodes what a plugin printed. @returns a sentence where it is not a credential of the version asked for. */
export function decodeExecCredential(stdout: string, apiVersion: string): PluginAnswer | string {
  const credential = parse(stdout);
  if (credential === undefined || credential.kind !== 'ExecCredential') return 'it did not print an ExecCredential';
  if (credential.apiVersion !== apiVersion) return `it answered in ${credential.apiVersion}, the kubeconfig says ${apiVersion}`;
  return decodeStatus(credential.status ?? {});
}

function decodeStatus(status: NonNullable<ExecCredential['status']>): PluginAnswer | string {
  const cert = status.clientCertificateData || undefined;
  const key = status.clientKeyData || undefined;
  const authorization = status.token ? `Bearer ${status.token}` : undefined;
  if ((cert ?? key ?? authorization) === undefined) return 'it returned neither a token nor a certificate';
  if ((cert === undefined) !== (key === undefined)) return 'it returned only one of certificate and key';
  const expires = status.expirationTimestamp === undefined ? undefined : Date.parse(status.expirationTimestamp);
  if (Number.isNaN(expires)) return `its expirationTimestamp ${status.expirationTimestamp} is not a time`;
  return { identity: { authorization, cert, key }, expires };
}

function parse(text: string): ExecCredential | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // What it printed instead is not ours to show: it may be a secret.
    return undefined;
  }
}
