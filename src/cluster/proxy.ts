/**
 * The proxy for requests to `server` by the environment, as Go's net/http and client-go decide it: HTTPS_PROXY for https,
 * HTTP_PROXY for http, lower case too; NO_PROXY with names, domains, ports and address ranges; never for this machine.
 * Node's own rules differ (it would proxy loopback and knows no ranges), so it only gets told the result.
 */
export function proxyFromEnvironment(server: URL, env: NodeJS.ProcessEnv): string | undefined {
  const pick = (name: string): string => env[name] || env[name.toLowerCase()] || '';
  const proxy = server.protocol === 'https:' ? pick('HTTPS_PROXY') : pick('HTTP_PROXY');
  if (proxy === '') return undefined;
  const host = server.hostname.replaceAll(/^\[|\]$/g, '').toLowerCase();
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  if (
    isLoopback(host) ||
    pick('NO_PROXY')
      .split(',')
      .some((rule) => excludes(rule.trim().toLowerCase(), host, port))
  )
    return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1';
}

function excludes(rule: string, host: string, port: string): boolean {
  if (rule === '' || rule === '*') return rule === '*';
  if (rule.includes('/')) return inRange(rule, host);
  const [name, rulePort] = splitPort(rule);
  if (rulePort !== undefined && rulePort !== port) return false;
  return name.startsWith('.') || name.startsWith('*.') ? host.endsWith(name.replace(/^\*/, '')) : isWithin(host, name);
}

function isWithin(host: string, name: string): boolean {
  return host === name || (!isAddress(host) && host.endsWith(`.${name}`));
}

function splitPort(rule: string): [string, string | undefined] {
  const match = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(rule);
  const name = match?.[1] ?? rule;
  return [name.replaceAll(/^\[|\]$/g, ''), match?.[2]];
}

function isAddress(host: string): boolean {
  return process.getBuiltinModule('node:net').isIP(host) !== 0;
}

function inRange(rule: string, host: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const [network = '', bits = ''] = rule.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(host) || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
