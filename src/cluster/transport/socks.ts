import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Whether a proxy's address (an absolute URL) is one of a SOCKS5 proxy. */
export function isSocks(proxy: string): boolean {
  return /^socks5h?:/i.test(proxy);
}

/**
 * A TCP connection to a server through a SOCKS5 proxy. The caller owns it: TLS, keep-alive and its end.
 * The proxy looks the server's name up, for `socks5` as for `socks5h`: that is how Go's net/http, and so kubectl, does it,
 * and behind a bastion only the proxy may know the name. (The library would look names up here for `socks5`.)
 *
 * @param proxy `socks5://[user:password@]host[:port]`; the port is 1080 without one
 * Rejects with an error that has a `code`: that of the connection to the proxy, ERR_PROXY_TUNNEL where the proxy refuses.
 */
export async function connectThroughSocks(proxy: string, server: { readonly host: string; readonly port: number }): Promise<Socket> {
  // Loaded here: hardly anybody has such a proxy.
  const { SocksProxyAgent } = await import('socks-proxy-agent');
  const agent = new SocksProxyAgent(proxy.replace(/^socks5:/i, 'socks5h:'));
  // The library leaves brackets around an IPv6 address.
  agent.proxy.host = new URL(proxy).hostname.replaceAll(/^\[|\]$/g, '');
  // All that becomes of this request is an event on it.
  const request = new (process.getBuiltinModule('node:events'))() as ClientRequest;
  try {
    return await agent.connect(request, { ...server, secureEndpoint: false });
  } catch (error) {
    throw withCode(error as Error);
  }
}

/** The library keeps only the text of an error, and would show the password in its `options`. */
function withCode({ message }: Error): NodeJS.ErrnoException {
  const ofSystem = /\b(E[A-Z]{4,})\b/.exec(message)?.[1];
  const code = ofSystem ?? (message.includes('timed out') ? 'ETIMEDOUT' : 'ERR_PROXY_TUNNEL');
  return Object.assign(new Error(message), { code });
}
