import { type DnsServer, parseDnsServer } from '../domain/dns-server.ts';

/**
 * A question whose answer decides whether an operation goes on (product, section 3, "Gates"). A closed union: parsed here, asked by
 * gates/ask.ts.
 */
export type Gate =
  /** A command of a shell in the Pod's default container; well is exit code 0. */
  | { readonly ask: 'exec'; readonly command: string }
  /** A GET through the API server's proxy; well is this status (else 200 to 399) and, where it is given, this regular expression in the body. */
  | { readonly ask: 'http' | 'https'; readonly port: number; readonly path: string; readonly status?: number; readonly matches?: string }
  /** An instant query of a Prometheus, through the API server's proxy of its Service; well is a comparison that holds for every sample, of which there is one at least. */
  | {
      readonly ask: 'promql';
      readonly service: PrometheusService;
      readonly query: string;
      readonly comparison: Comparison;
      readonly value: number;
    }
  /** Whether the EndpointSlices and DNS name the Pod, as `peers` compares them; by this DNS server, or by the ways of `peers`. */
  | { readonly ask: 'srv'; readonly server?: DnsServer }
  /** A command of a shell on this machine; well is exit code 0. */
  | { readonly ask: 'command'; readonly command: string };

export type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>';

export interface PrometheusService {
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
}

/** What a gate looks like when it is typed, for errors and help. */
export const GATE_FORMS = 'exec:COMMAND, http:PORT/PATH[=STATUS|~REGEX], https:…, promql:QUERY OP VALUE, srv or command:COMMAND';

/** What a hook looks like when it is typed: it does something, so only commands are. */
export const HOOK_FORMS = 'exec:COMMAND or command:COMMAND';

const HTTP = /^(\d{1,5})(\/[^=~\s]*)?(?:=(\d{3})|~(.+))?$/;
const PROMQL = /^(\S.*?)\s*(==|!=|<=|>=|<|>)\s*([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)$/i;

/**
 * A gate as it is typed.
 * @param prometheus as typed behind --prometheus, for `promql:`
 * @param dnsServer as typed behind --dns-server, for `srv`
 * @returns undefined for what is none
 */
export function parseGate(text: string, prometheus?: string, dnsServer?: string): Gate | undefined {
  if (text === 'srv') return srvGate(dnsServer);
  const [, ask, rest = ''] = /^(exec|https?|promql|command):(.+)$/s.exec(text) ?? [];
  if (ask === 'exec' || ask === 'command') return { ask, command: rest };
  if (ask === 'http' || ask === 'https') return httpGate(ask, rest);
  return ask === 'promql' ? promqlGate(rest, parsePrometheus(prometheus)) : undefined;
}

function srvGate(text: string | undefined): Gate | undefined {
  const server = text === undefined ? undefined : parseDnsServer(text);
  if (text !== undefined && server === undefined) return undefined;
  return { ask: 'srv', ...(server === undefined ? {} : { server }) };
}

/** What runs before a Pod goes: a gate that is asked once. */
export function parseHook(text: string): Gate | undefined {
  const hook = parseGate(text);
  return hook?.ask === 'exec' || hook?.ask === 'command' ? hook : undefined;
}

function httpGate(ask: 'http' | 'https', text: string): Gate | undefined {
  const [whole, digits, path = '/', status, matches] = HTTP.exec(text) ?? [];
  const port = Number(digits);
  if (whole === undefined || port < 1 || port > 65_535 || !isRegex(matches)) return undefined;
  return { ask, port, path, ...(status === undefined ? {} : { status: Number(status) }), ...(matches === undefined ? {} : { matches }) };
}

function isRegex(text: string | undefined): boolean {
  if (text === undefined) return true;
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function promqlGate(text: string, service: PrometheusService | undefined): Gate | undefined {
  // The last comparison is the gate's: a query may have some of its own.
  const [, query, comparison, value] = PROMQL.exec(text) ?? [];
  if (query === undefined || service === undefined) return undefined;
  return { ask: 'promql', service, query, comparison: comparison as Comparison, value: Number(value) };
}

/** `NAMESPACE/SERVICE[:PORT]`; the port is a number or a name. */
export function parsePrometheus(text: string | undefined): PrometheusService | undefined {
  const [, namespace, name, port = '9090'] = /^([-a-z0-9]{1,63})\/([-a-z0-9]{1,63})(?::([-a-z0-9]{1,15}))?$/.exec(text ?? '') ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name, port };
}

/** As it is typed. */
export function gateInWords(gate: Gate): string {
  switch (gate.ask) {
    case 'exec':
    case 'command':
      return `${gate.ask}:${gate.command}`;
    case 'http':
    case 'https': {
      const { ask, port, path, status, matches } = gate;
      return `${ask}:${port}${path}${status === undefined ? '' : `=${status}`}${matches === undefined ? '' : `~${matches}`}`;
    }
    case 'srv':
      return 'srv';
    case 'promql':
      return `promql:${gate.query} ${gate.comparison} ${gate.value}`;
  }
}
