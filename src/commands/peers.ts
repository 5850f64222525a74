import { setArg } from '../cli/arg.ts';
import { ReadCommand } from '../cli/command.ts';
import { bool, duration, read, text } from '../cli/flag.ts';
import { outputChoice } from '../cli/output.ts';
import type { PeersRequest, Via } from '../cli/peers-request.ts';
import { DNS_SERVER_FORMS, parseDnsServer } from '../domain/dns-server.ts';
import { UsageError } from '../domain/errors.ts';
import { type PeerChoice, parseOrdinals } from '../peers/choice.ts';
import { FIELDS, PRESETS, unknownFields } from '../peers/format.ts';
import { type Probe, parseProbe } from '../peers/probe.ts';

/** What --via can be. */
const WAYS = 'auto, system, port-forward, exec or exec:POD';

export class Peers extends ReadCommand {
  static override summary = 'Show how the Pods of a StatefulSet find each other';
  static override description =
    `One line per Pod: whether it is expected, whether the EndpointSlices of the governing Service list it, and whether DNS answers with it, by SRV records of the Service and by the address of each Pod. Differences are explained, with what fixes them.

DNS is asked through a port-forward to a Pod of the cluster's DNS Service, which needs permission to create pods/portforward there, unless --dns-server or --via says otherwise.

Exits 0 whatever it shows, except with --check: 5 if a check warns; and with --wait: 4 if the time is up.`;
  static override examples = [
    { description: 'Compare what is expected, listed and answered', command: 'kubectl sts-safe peers web' },
    { description: 'In a pipeline: fail unless they agree', command: 'kubectl sts-safe peers web --check' },
    {
      description: 'The addresses for a client, as one line',
      command: "kubectl sts-safe peers web --port db --format '{host}:{port}' --join ,",
    },
    { description: 'Wait until three Pods can be found', command: 'kubectl sts-safe peers web --wait --for 3 --timeout 5m' },
    { description: 'Also ask each Pod whether it serves', command: 'kubectl sts-safe peers web --probe http:8080/healthz --check' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    check: bool({ description: 'Exit 5 if a check warns.' }),
    watch: bool({
      char: 'w',
      exclusive: ['wait', 'check', 'format'],
      description: 'Print which Pods join and leave.',
    }),
    wait: bool({ description: 'Wait until Pods can be found, then exit.' }),
    for: read(numberOfPods, { dependsOn: ['wait'], helpValue: 'N', otherwise: 'all replicas', description: 'Pods to wait for.' }),
    timeout: duration({
      dependsOn: ['wait'],
      helpValue: 'TIME',
      otherwise: 'no limit',
      description: 'Longest wait, such as 10m.',
    }),
    port: text({ helpValue: 'NAME', description: 'Show one port of the Service, by name or number.' }),
    ordinals: read(ordinalsIn, { helpValue: 'LIST', description: 'Show these ordinals, such as 0-2 or 0,3.' }),
    'ready-only': bool({ description: 'Show only Pods that are Ready and can be found.' }),
    probe: read(probeIn, {
      helpValue: 'PROBE',
      description: 'Also ask each Pod, through the API server: http:PORT/PATH, https:PORT/PATH or tcp:PORT.',
    }),
    via: read(wayOf, {
      helpValue: 'WAY',
      otherwise: 'auto',
      description: `How to ask DNS: ${WAYS}. system is the resolver of this machine; exec runs dig, nslookup or getent in a Pod.`,
    }),
    'dns-server': read(serverAt, {
      exclusive: ['via'],
      helpValue: 'HOST[:PORT]',
      description: 'Ask this DNS server, by TCP.',
    }),
    'cluster-domain': text({
      helpValue: 'DOMAIN',
      otherwise: 'from the Corefile',
      description: 'Domain of the cluster.',
    }),
    'no-headers': bool({ description: 'Print only the lines of the table.' }),
    format: read(checkedFormat, {
      exclusive: ['output'],
      helpValue: 'TEMPLATE',
      description: `Print each peer by a template with {${FIELDS.join('}, {')}}, or as a list for ${Object.keys(PRESETS).join(', ')}.`,
    }),
    join: text({
      dependsOn: ['format'],
      helpValue: 'TEXT',
      otherwise: 'a line break',
      description: 'Separator for --format.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Peers);
    const format = formatOf(flags.format, flags.join);
    const { probe } = flags;
    const request: PeersRequest = {
      name: args.name,
      via: flags['dns-server'] ?? flags.via ?? { way: 'auto' },
      choice: choiceOf(flags),
      check: flags.check ?? false,
      watch: flags.watch ?? false,
      ...waitOf(flags),
      ...(flags['cluster-domain'] ? { clusterDomain: flags['cluster-domain'] } : {}),
      ...(format === undefined ? {} : { format }),
      ...(probe === undefined ? {} : { probe }),
    };
    return this.session.peers(request, outputChoice(flags), flags);
  }
}

function probeIn(text: string): Probe {
  const probe = parseProbe(text);
  if (probe !== undefined) return probe;
  throw new UsageError(`invalid value "${text}" for --probe`, 'http:PORT/PATH, https:PORT/PATH or tcp:PORT');
}

function numberOfPods(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`invalid value "${text}" for --for`, 'a number of Pods, such as 3');
}

function ordinalsIn(text: string): ReadonlySet<number> {
  const ordinals = parseOrdinals(text);
  if (ordinals !== undefined) return ordinals;
  throw new UsageError(`invalid value "${text}" for --ordinals`, 'e.g. 0-2 or 0,3');
}

interface WaitFlags {
  readonly wait?: boolean | undefined;
  readonly for?: number | undefined;
  readonly timeout?: number | undefined;
}

function waitOf({ wait = false, for: number, timeout = 0 }: WaitFlags): Pick<PeersRequest, 'waitFor' | 'timeoutMs'> {
  return { ...(wait ? { waitFor: number ?? 'all' } : {}), ...(timeout > 0 ? { timeoutMs: timeout } : {}) };
}

interface ChoiceFlags {
  readonly ordinals?: ReadonlySet<number> | undefined;
  readonly port?: string | undefined;
  readonly 'ready-only'?: boolean | undefined;
}

function choiceOf({ ordinals, port, 'ready-only': readyOnly = false }: ChoiceFlags): PeerChoice {
  return { readyOnly, ...(ordinals === undefined ? {} : { ordinals }), ...(port === undefined ? {} : { port }) };
}

function formatOf(template: string | undefined, join: string | undefined): PeersRequest['format'] {
  if (template === undefined) return undefined;
  const preset = PRESETS[template];
  return preset === undefined ? { template, join: join ?? '\n' } : { ...preset, join: join ?? preset.join };
}

function checkedFormat(template: string): string {
  if (PRESETS[template] !== undefined) return template;
  const [unknown] = unknownFields(template);
  if (unknown !== undefined) throw new UsageError(`--format has {${unknown}}`, `it can have {${FIELDS.join('}, {')}}`);
  if (template.includes('{')) return template;
  throw new UsageError(
    `--format "${template}" has no field`,
    `use a template such as {host}:{port}, or ${Object.keys(PRESETS).join(', ')}`,
  );
}

function serverAt(text: string): Via {
  const server = parseDnsServer(text);
  if (server === undefined) throw new UsageError(`invalid value "${text}" for --dns-server`, `write ${DNS_SERVER_FORMS}`);
  return { way: 'server', server };
}

function wayOf(via: string): Via {
  if (via === 'auto' || via === 'port-forward' || via === 'system' || via === 'exec') return { way: via };
  const [, pod] = /^exec:([a-z0-9][-a-z0-9.]{0,252})$/.exec(via) ?? [];
  if (pod === undefined) throw new UsageError(`invalid value "${via}" for --via`, `write ${WAYS}`);
  return { way: 'exec', pod };
}
