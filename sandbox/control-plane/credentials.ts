import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Folder } from '../host/folder.ts';

const run = promisify(execFile);

/** A client certificate and its key, as PEM. */
export interface Credentials {
  certificate: string;
  key: string;
}

export async function makeAuthority(pki: string, folder: Folder): Promise<void> {
  mkdirSync(folder.pki, { mode: 0o700 });
  await run(pki, ['init', folder.pki]);
}

/** Signs a client certificate: the user is its common name, the groups are its organisations. */
export async function issueCredentials(pki: string, folder: Folder, user: string, groups: string[]): Promise<Credentials> {
  const { stdout } = await run(pki, ['client', folder.pki, user, ...groups]);
  const keyStart = stdout.indexOf('-----BEGIN EC');
  return { certificate: stdout.slice(0, keyStart), key: stdout.slice(keyStart) };
}

export interface Kubeconfig {
  /** Also the name of cluster and context. */
  context: string;
  user: string;
  server: string;
  /** The name that the certificate has, where the server is reached by an address that it does not have. */
  serverName?: string;
  authority: string;
  credentials: Credentials;
}

/** Writes a kubeconfig that needs no other file. */
export function writeKubeconfig(path: string, { context, user, server, serverName, authority, credentials }: Kubeconfig): void {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      {
        name: context,
        cluster: { server, ...(serverName && { 'tls-server-name': serverName }), 'certificate-authority-data': base64(authority) },
      },
    ],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(credentials.certificate), 'client-key-data': base64(credentials.key) },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user } }],
  };
  writeFileSync(path, stringify(content, { lineWidth: 0 }), { mode: 0o600 });
}

export const contextOf = (name: string): string => (name === 'default' ? 'sandbox' : `sandbox-${name}`);
