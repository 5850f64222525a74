import type { Clock } from '../domain/clock.ts';
import { CannotError } from '../domain/errors.ts';
import type { Connection } from './api.ts';
import { chooseCredentials } from './credentials/choose.ts';
import { impersonationHeaders } from './credentials/impersonation.ts';
import { certificateOf } from './credentials/static.ts';
import { parseTimeout } from './duration.ts';
import type { Endpoint } from './endpoint.ts';
import { type ConnectionFlags, flagWords } from './flags.ts';
import { pemFrom } from './kubeconfig/files.ts';
import { inCluster } from './kubeconfig/in-cluster.ts';
import { type Loaded, loadKubeconfig } from './kubeconfig/load.ts';
import { type Selected, selectContext, where } from './kubeconfig/select.ts';
import { validateSelected } from './kubeconfig/validate.ts';
import { proxyFromEnvironment } from './proxy.ts';
import { isSocks } from './transport/socks.ts';
import { RequestLog } from './transport/verbose.ts';
import { HttpTransport } from './transport.ts';
import { WebSocketDialer } from './websocket.ts';
import { Written } from './written.ts';

/** What a connection needs from around it. */
export interface ConnectHost {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** A line for stderr: `-v` and what exec plugins say. */
  readonly log: (line: string) => void;
}

/** A connection with what a reader of it needs besides. */
export interface OpenConnection extends Connection {
  readonly sockets: WebSocketDialer;
  readonly clock: Clock;
  /** 0 ≤ random() < 1. */
  readonly random: () => number;
  /** What our own writes were answered with. */
  readonly written: Written;
}

/**
 * A connection as kubectl would make it from the same flags, files and environment. Nothing is sent yet, and no plugin
 * is run. Rejects with CannotError: no or broken kubeconfig, unknown names, unreadable certificates.
 */
export async function connect(flags: ConnectionFlags, host: ConnectHost): Promise<OpenConnection> {
  const timeoutMs = requestTimeout(flags.requestTimeout);
  const loaded = await loadKubeconfig(flags.kubeconfig, host.env);
  const named = selectContext(loaded, flags);
  const selected = named ?? selectInCluster(flags, host.env);
  if (selected === undefined) throw nothingSelected(loaded);
  validateSelected(selected);
  const endpoint = endpointOf(selected, host.env);
  const wire = {
    endpoint,
    credentials: await chooseCredentials(selected, endpoint, { ...host, kuberc: flags.kuberc }),
    clock: host.clock,
    log: new RequestLog(flags.verbosity ?? 0, host.log),
  };
  return {
    transport: new HttpTransport({ ...wire, timeoutMs, random: Math.random }),
    sockets: new WebSocketDialer(wire),
    context: selected.context,
    server: endpoint.server,
    namespace: selected.namespace || 'default',
    // In a Pod no kubeconfig has the context.
    flags: flagWords(flags, named?.context ?? ''),
    user: selected.user.as || selected.userName,
    // A getter: hashing loads node:crypto, and hardly anybody asks.
    get authority(): string {
      return authorityOf(endpoint);
    },
    certificate: certificateOf(selected.user).cert,
    proxy: endpoint.proxy === undefined ? undefined : new URL(endpoint.proxy).host,
    clock: host.clock,
    random: Math.random,
    written: new Written(),
  };
}

function selectInCluster(flags: ConnectionFlags, env: NodeJS.ProcessEnv): Selected | undefined {
  const loaded = inCluster(env);
  return loaded === undefined ? undefined : selectContext(loaded, flags);
}

function requestTimeout(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const ms = parseTimeout(text);
  if (ms === undefined || ms < 0)
    throw new CannotError(`--request-timeout "${text}" is not a duration`, 'e.g. 30s, 1m30s, 5 (seconds), 0 (none)');
  return ms;
}

function nothingSelected(loaded: Loaded): CannotError {
  if (loaded.files.length === 0)
    return new CannotError(`no kubeconfig: ${where(loaded)} does not exist`, 'set KUBECONFIG or give --kubeconfig');
  const contexts = [...loaded.config.contexts.keys()];
  const choice = contexts.length === 0 ? 'it defines no contexts' : `choose with --context: ${contexts.slice(0, 10).join(', ')}`;
  return new CannotError(`no current-context is set in ${where(loaded)}`, choice);
}

function endpointOf(selected: Selected, env: NodeJS.ProcessEnv): Endpoint {
  const { cluster } = selected;
  const url = serverUrl(cluster.server);
  return {
    server: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    ca: pemFrom(cluster.certificateAuthorityData, cluster.certificateAuthority, 'certificate-authority'),
    insecure: cluster.insecureSkipTlsVerify,
    serverName: cluster.tlsServerName || undefined,
    proxy: proxyOf(cluster.proxyUrl) ?? proxyFromEnvironment(url, env),
    compression: !cluster.disableCompression,
    // As client-go: whatever it is set to.
    http2: (env['DISABLE_HTTP2'] ?? '') === '',
    impersonation: impersonationHeaders(selected.user),
  };
}

function authorityOf({ ca, server }: Endpoint): string {
  return process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(ca ?? server)
    .digest('hex')
    .slice(0, 16);
}

/** As client-go: without a scheme it is http. */
function serverUrl(server: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(server) ? server : `http://${server}`);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new CannotError(`the server "${server}" is not an http or https address`);
}

function proxyOf(text: string): string | undefined {
  if (text === '') return undefined;
  const protocol = URL.parse(text)?.protocol ?? '';
  if (protocol === 'http:' || protocol === 'https:' || isSocks(protocol)) return text;
  throw new CannotError(`proxy-url "${text}" is not an http, https or socks5 address`);
}
