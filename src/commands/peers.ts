import { atMostOne } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { connectionFlags, outputFlag } from '../cli/flags.ts';
import { oneSetName } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import type { PeersRequest, Via } from '../cli/peers-request.ts';
import { UsageError } from '../domain/errors.ts';
import { type PeerChoice, parseOrdinals } from '../peers/choice.ts';
import { FIELDS, PRESETS, unknownFields } from '../peers/format.ts';
import { type Probe, parseProbe } from '../peers/probe.ts';

/** What --via can be. */
const WAYS = 'auto, system, port-forward, exec or exec:POD';

export const peers = defineCommand({
  id: 'peers',
  summary: 'Show how the Pods of a StatefulSet find each other',
  description: `One line per Pod: whether it is expected, whether the EndpointSlices of the governing Service list it, and whether DNS answers with it, by SRV records of the Service and by the address of each Pod. Differences are explained, with what fixes them.

Without --dns-server, DNS is asked through a port-forward to a Pod of the cluster's DNS Service, which needs permission to create pods/portforward in its namespace.

Exits 0 whatever it shows, except with --check: 5 if a check warns; and with --wait: 4 if the time is up.`,
  usage: 'NAME',
  examples: [
    { what: 'Compare what is expected, listed and answered', line: 'peers web' },
    { what: 'In a pipeline: fail unless they agree', line: 'peers web --check' },
    { what: 'The addresses for a client, as one line', line: "peers web --port db --format '{host}:{port}' --join ," },
    { what: 'Wait until three Pods can be found', line: 'peers web --wait --for 3 --timeout 5m' },
    { what: 'Also ask each Pod whether it serves', line: 'peers web --probe http:8080/healthz --check' },
    { what: 'The initial cluster of etcd', line: 'peers etcd --format etcd' },
    { what: 'Ask a DNS server that can be reached from here', line: 'peers web --dns-server 10.96.0.10' },
  ],
  flags: {
    check: { kind: 'bool', help: 'Exit 5 if a check warns.', group: 'OPTIONS' },
    watch: { kind: 'bool', short: 'w', help: 'Watch: print which Pods join and leave, with the time.', group: 'OPTIONS' },
    wait: { kind: 'bool', help: 'Wait until Pods can be found, then exit.', group: 'OPTIONS' },
    for: { kind: 'string', value: 'N', otherwise: 'all replicas', help: 'How many Pods to wait for.', group: 'OPTIONS' },
    timeout: { kind: 'duration', value: 'TIME', otherwise: 'no limit', help: 'Longest wait, such as 10m.', group: 'LIMITS' },
    port: { kind: 'string', value: 'NAME', help: 'Show one port of the Service, by name or number.', group: 'OPTIONS' },
    ordinals: { kind: 'string', value: 'LIST', help: 'Show these ordinals, such as 0-2 or 0,3.', group: 'OPTIONS' },
    'ready-only': { kind: 'bool', help: 'Show only Pods that are Ready and can be found.', group: 'OPTIONS' },
    probe: {
      kind: 'string',
      value: 'PROBE',
      help: 'Also ask each Pod, through the API server: http:PORT/PATH, https:PORT/PATH or tcp:PORT.',
      group: 'OPTIONS',
    },
    via: {
      kind: 'string',
      value: 'WAY',
      otherwise: 'auto',
      help: `How to ask DNS: ${WAYS}. system is the resolver of this machine, which auto tries first inside of a cluster, before port-forward; exec runs dig, nslookup or getent in a Pod of the StatefulSet, or in POD.`,
      group: 'OPTIONS',
    },
    'dns-server': {
      kind: 'string',
      value: 'HOST[:PORT]',
      help: 'Ask this DNS server, by TCP, instead of the DNS Service of the cluster.',
      group: 'OPTIONS',
    },
    'cluster-domain': {
      kind: 'string',
      value: 'DOMAIN',
      otherwise: 'from the Corefile of CoreDNS, else cluster.local',
      help: 'Domain of the cluster.',
      group: 'OPTIONS',
    },
    output: outputFlag,
    'no-headers': { kind: 'bool', help: 'Print only the lines of the table.', group: 'OUTPUT' },
    format: {
      kind: 'string',
      value: 'TEMPLATE',
      help: `Print each peer by a template with {${FIELDS.join('}, {')}}, or as a list for ${Object.keys(PRESETS).join(', ')}.`,
      group: 'OUTPUT',
    },
    join: { kind: 'string', value: 'TEXT', otherwise: 'a line break', help: 'What separates peers printed by --format.', group: 'OUTPUT' },
    ...connectionFlags,
  },
  completes: 'sets',
  light: true,
  run({ args, flags }, session) {
    refuseContradictions(flags);
    const format = formatOf(flags.format, flags.join);
    const probe = probeOf(flags.probe);
    const request: PeersRequest = {
      name: oneSetName(args),
      via: viaOf(flags['dns-server'], flags.via),
      choice: choiceOf(flags),
      check: flags.check ?? false,
      watch: flags.watch ?? false,
      ...(flags.wait ? { waitFor: numberToWaitFor(flags.for) } : {}),
      ...(flags.timeout ? { timeoutMs: flags.timeout } : {}),
      ...(flags['cluster-domain'] ? { clusterDomain: flags['cluster-domain'] } : {}),
      ...(format === undefined ? {} : { format }),
      ...(probe === undefined ? {} : { probe }),
    };
    return session.peers(request, outputChoice(flags), flags);
  },
});

function refuseContradictions(flags: Readonly<Record<string, unknown>>): void {
  atMostOne(flags, 'dns-server', 'via');
  atMostOne(flags, 'format', 'output');
  for (const other of ['wait', 'check', 'format']) atMostOne(flags, 'watch', other);
  for (const name of ['for', 'timeout']) {
    if (flags[name] !== undefined && flags['wait'] !== true) throw new UsageError(`--${name} is about a wait`, 'add --wait');
  }
  if (flags['join'] !== undefined && flags['format'] === undefined) throw new UsageError('--join is about a list', 'add --format');
}

function probeOf(text: string | undefined): Probe | undefined {
  const probe = text === undefined ? undefined : parseProbe(text);
  if (text !== undefined && probe === undefined)
    throw new UsageError(`invalid value "${text}" for --probe`, 'http:PORT/PATH, https:PORT/PATH or tcp:PORT');
  return probe;
}

function numberToWaitFor(text: string | undefined): number | 'all' {
  if (text === undefined) return 'all';
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`invalid value "${text}" for --for`, 'a number of Pods, such as 3');
  return Number(text);
}

interface ChoiceFlags {
  readonly ordinals?: string;
  readonly port?: string;
  readonly 'ready-only'?: boolean;
}

function choiceOf({ ordinals: list, port, 'ready-only': readyOnly = false }: ChoiceFlags): PeerChoice {
  const ordinals = list === undefined ? undefined : parseOrdinals(list);
  if (list !== undefined && ordinals === undefined) throw new UsageError(`invalid value "${list}" for --ordinals`, 'e.g. 0-2 or 0,3');
  return { readyOnly, ...(ordinals === undefined ? {} : { ordinals }), ...(port === undefined ? {} : { port }) };
}

function formatOf(template: string | undefined, join: string | undefined): PeersRequest['format'] {
  if (template === undefined) return undefined;
  const preset = PRESETS[template];
  if (preset !== undefined) return { ...preset, join: join ?? preset.join };
  const [unknown] = unknownFields(template);
  if (unknown !== undefined) throw new UsageError(`--format has {${unknown}}`, `it can have {${FIELDS.join('}, {')}}`);
  if (!template.includes('{'))
    throw new UsageError(
      `--format "${template}" has no field`,
      `use a template such as {host}:{port}, or ${Object.keys(PRESETS).join(', ')}`,
    );
  return { template, join: join ?? '\n' };
}

const DNS_PORT = 53;

function viaOf(server: string | undefined, via = 'auto'): Via {
  if (server === undefined) return wayOf(via);
  const [, bracketed, host = bracketed, port] =
    /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*))(?::(\d{1,5}))?$/i.exec(server) ?? [];
  const number = port === undefined ? DNS_PORT : Number(port);
  if (host === undefined || number < 1 || number > 65_535)
    throw new UsageError(`invalid value "${server}" for --dns-server`, 'write HOST, HOST:PORT or [IPV6]:PORT');
  return { way: 'server', server: { host, port: number } };
}

function wayOf(via: string): Via {
  if (via === 'auto' || via === 'port-forward' || via === 'system' || via === 'exec') return { way: via };
  const [, pod] = /^exec:([a-z0-9][-a-z0-9.]{0,252})$/.exec(via) ?? [];
  if (pod === undefined) throw new UsageError(`invalid value "${via}" for --via`, `write ${WAYS}`);
  return { way: 'exec', pod };
}
