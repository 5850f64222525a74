import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { CannotError } from '../../domain/errors.ts';
import type { Endpoint, Identity } from '../endpoint.ts';
import { PROBE_AFTER_MS } from './exchange.ts';
import { connectThroughSocks, isSocks } from './socks.ts';

/**
 * Connections of HTTP/1.1 for requests. A TLS handshake costs 5 to 10 ms of processor time at both ends, so more would be
 * slower.
 */
const MAX_SOCKETS = 6;

/** Node's pool of keep-alive connections, which also knows how to dial through a proxy. Throws CannotError for unusable certificates. */
export function createAgent(endpoint: Endpoint, identity: Identity): Agent {
  const { proxy, server } = endpoint;
  const agent = nodeAgent(endpoint, identity);
  if (proxy !== undefined && isSocks(proxy)) dialThroughSocks(agent, proxy, server.startsWith('https:'));
  return agent;
}

function nodeAgent(endpoint: Endpoint, identity: Identity): Agent {
  const { proxy, insecure, serverName } = endpoint;
  const options = {
    keepAlive: true,
    keepAliveMsecs: PROBE_AFTER_MS,
    scheduling: 'lifo' as const,
    maxSockets: MAX_SOCKETS,
    ...(proxy === undefined || isSocks(proxy) ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  };
  // getBuiltinModule: `import` of node:http(s) costs 18 ms at start-up, this does not.
  if (!endpoint.server.startsWith('https:')) return new (process.getBuiltinModule('node:http').Agent)(options);
  return new (process.getBuiltinModule('node:https').Agent)({
    ...options,
    secureContext: secureContext(endpoint, identity),
    rejectUnauthorized: !insecure,
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
}

/** One for all connections: Node would parse certificates and key anew for each. */
function secureContext({ ca }: Endpoint, { cert, key }: Identity): SecureContext {
  const tls = process.getBuiltinModule('node:tls');
  try {
    return tls.createSecureContext({
      // Without a CA of its own a server is trusted by what this machine trusts, as in Go; Node's list alone is Mozilla's.
      ca: ca ?? [...tls.rootCertificates, ...tls.getCACertificates('system')],
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  } catch (error) {
    throw new CannotError(
      `the client certificate, its key or the certificate authority cannot be used: ${(error as Error).message}`,
      undefined,
      error,
    );
  }
}

type Dialed = (error: Error | null, socket?: Socket) => void;

/** Node knows HTTP proxies alone, so an agent is told how to dial. */
function dialThroughSocks(agent: Agent, proxy: string, secure: boolean): void {
  const dial = async (options: ConnectionOptions, done: Dialed): Promise<void> => {
    try {
      const socket = await connectThroughSocks(proxy, { host: options.host ?? '', port: Number(options.port) });
      done(null, secure ? process.getBuiltinModule('node:tls').connect({ ...options, socket }) : socket);
    } catch (error) {
      done(error as Error);
    }
  };
  // Without a return value an agent waits for the callback.
  Object.assign(agent, { createConnection: (options: ConnectionOptions, done: Dialed) => void dial(options, done) });
}
