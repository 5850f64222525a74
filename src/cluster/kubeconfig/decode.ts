import { Fields } from './fields.ts';
import type { ClusterEntry, ContextEntry, ExecEntry, Kubeconfig, UserEntry } from './model.ts';

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/**
 * A parsed file as a Kubeconfig. Unknown fields are ignored, as kubectl does.
 *
 * @param file path as given; relative paths inside are resolved against its folder
 * Rejects values of the wrong type with CannotError.
 */
export function decodeKubeconfig(document: unknown, file: string): Kubeconfig {
  const { dirname, isAbsolute, join, resolve } = process.getBuiltinModule('node:path');
  const folder = dirname(resolve(file));
  const path = (value: string): string => (value === '' || isAbsolute(value) ? value : join(folder, value));
  const fields = new Fields(document, file, '');
  return {
    currentContext: fields.string('current-context'),
    contexts: mapValues(fields.named('contexts', 'context'), decodeContext),
    clusters: mapValues(fields.named('clusters', 'cluster'), (cluster) => decodeCluster(cluster, path)),
    users: mapValues(fields.named('users', 'user'), (user) => decodeUser(user, path)),
  };
}

function decodeContext(fields: Fields): ContextEntry {
  return { cluster: fields.string('cluster'), user: fields.string('user'), namespace: fields.string('namespace') };
}

function decodeCluster(fields: Fields, path: (value: string) => string): ClusterEntry {
  const extensions = fields.named('extensions', 'extension');
  return {
    server: fields.string('server'),
    tlsServerName: fields.string('tls-server-name'),
    insecureSkipTlsVerify: fields.boolean('insecure-skip-tls-verify'),
    certificateAuthority: path(fields.string('certificate-authority')),
    certificateAuthorityData: fields.string('certificate-authority-data'),
    proxyUrl: fields.string('proxy-url'),
    disableCompression: fields.boolean('disable-compression'),
    execConfig: extensions.get(EXEC_EXTENSION)?.all(),
  };
}

function decodeUser(fields: Fields, path: (value: string) => string): UserEntry {
  const extra = fields.fields('as-user-extra');
  return {
    clientCertificate: path(fields.string('client-certificate')),
    clientCertificateData: fields.string('client-certificate-data'),
    clientKey: path(fields.string('client-key')),
    clientKeyData: fields.string('client-key-data'),
    token: fields.string('token'),
    tokenFile: path(fields.string('tokenFile')),
    as: fields.string('as'),
    asUid: fields.string('as-uid'),
    asGroups: fields.strings('as-groups'),
    asUserExtra: Object.fromEntries(extra.keys().map((key) => [key, extra.strings(key)])),
    username: fields.string('username'),
    password: fields.string('password'),
    authProvider: fields.has('auth-provider') ? decodeAuthProvider(fields.fields('auth-provider')) : undefined,
    exec: fields.has('exec') ? decodeExec(fields.fields('exec'), path) : undefined,
  };
}

function decodeAuthProvider(fields: Fields): UserEntry['authProvider'] {
  const config = fields.fields('config');
  return { name: fields.string('name'), config: Object.fromEntries(config.keys().map((key) => [key, config.string(key)])) };
}

function decodeExec(fields: Fields, path: (value: string) => string): ExecEntry {
  const { sep } = process.getBuiltinModule('node:path');
  const command = fields.string('command');
  const apiVersion = fields.string('apiVersion');
  // v1 insists on an interactiveMode, v1beta1 has a default (client-go tools/clientcmd/api/v1 defaults).
  const preset = apiVersion === 'client.authentication.k8s.io/v1beta1' ? 'IfAvailable' : '';
  return {
    // A bare name is looked up in PATH; anything with a separator is a file near the kubeconfig.
    command: command.includes(sep) || command.includes('/') ? path(command) : command,
    args: fields.strings('args'),
    env: fields.items('env').map((env) => ({ name: env.string('name'), value: env.string('value') })),
    apiVersion,
    installHint: fields.string('installHint'),
    provideClusterInfo: fields.boolean('provideClusterInfo'),
    interactiveMode: fields.string('interactiveMode') || preset,
  };
}

function mapValues<A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): ReadonlyMap<string, B> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}
