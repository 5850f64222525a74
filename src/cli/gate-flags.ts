import { gatesIn } from '../operations/gates.ts';
import { duration, list, text, type Values } from './flag.ts';

/** In every command that goes Pod by Pod. */
export const gateFlags = {
  gate: list({
    helpValue: 'GATE',
    description:
      'Must pass after each Pod: exec:COMMAND, command:COMMAND, http[s]:PORT/PATH[=STATUS|~REGEX], promql:QUERY OP VALUE or srv (as peers finds Pods). Repeatable.',
  }),
  before: list({
    helpValue: 'HOOK',
    description: 'Must pass before a Pod is removed: exec:COMMAND or command:COMMAND. Repeatable.',
  }),
  'gate-timeout': duration({
    helpValue: 'TIME',
    otherwise: '5m',
    description: 'How long a gate may take to pass.',
  }),
  prometheus: text({
    helpValue: 'SERVICE',
    description: 'Prometheus for promql:, as NAMESPACE/NAME[:PORT].',
  }),
  'dns-server': text({
    helpValue: 'HOST[:PORT]',
    description: 'DNS server for srv.',
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
