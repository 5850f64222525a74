import { gatesIn } from '../operations/gates.ts';
import type { Values } from './flag.ts';
import { duration, list, text } from './flag.ts';

/** In every command that goes Pod by Pod. */
export const gateFlags = {
  gate: list({
    helpValue: 'GATE',
    description:
      'Go on only when this is well, asked after each Pod: exec:COMMAND in it, http:PORT/PATH[=STATUS|~REGEX] or https: of it, promql:QUERY OP VALUE, srv (EndpointSlices and DNS name it, as peers shows), or command:COMMAND here. May be repeated.',
  }),
  before: list({
    helpValue: 'HOOK',
    description: 'Run this before each Pod goes, and stop if it fails: exec:COMMAND in it, or command:COMMAND here. May be repeated.',
  }),
  'gate-timeout': duration({
    helpValue: 'TIME',
    otherwise: '5m',
    description: 'How long a gate is asked until it is well.',
    helpGroup: 'LIMITS',
  }),
  prometheus: text({
    helpValue: 'NAMESPACE/SERVICE[:PORT]',
    description: 'Service of the Prometheus that promql: asks, through the API server. Default port: 9090.',
  }),
  'dns-server': text({
    helpValue: 'HOST[:PORT]',
    description: 'DNS server that srv asks, by TCP, instead of the DNS Service of the cluster.',
  }),
};

/**
 * The options that these flags come to.
 * @throws UsageError for a gate that is none
 */
export function gateChoice(flags: Values<typeof gateFlags>): Readonly<Record<string, unknown>> {
  const { gate, before, prometheus, 'dns-server': dnsServer, 'gate-timeout': timeout } = flags;
  const options = {
    ...(gate === undefined ? {} : { gate: [...gate] }),
    ...(before === undefined ? {} : { before: [...before] }),
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(dnsServer === undefined ? {} : { dnsServer }),
    ...(timeout ? { gateTimeout: `${timeout}ms` } : {}),
  };
  gatesIn(options);
  return options;
}
