import type { FlagSpec, FlagTable } from './flag.ts';

/** Keeps the literal types, so that a command reads `flags['dry-run']` as 'client' | 'server' | 'none'. */
export function table<const T extends FlagTable>(flags: T): T {
  return flags;
}

const connection = 'CONNECTION (AS IN KUBECTL)';

/** In every command. `-h` wins over everything but a wrong flag, as in kubectl. */
export const everyFlags = table({
  help: { kind: 'bool', short: 'h', help: 'Show this help.', group: 'OPTIONS' },
  v: {
    kind: 'int',
    short: 'v',
    range: [0, 10],
    value: 'LEVEL',
    help: 'How much to tell about requests: 6 names each one.',
    group: connection,
  },
  color: {
    kind: 'string',
    oneOf: ['auto', 'always', 'never'],
    otherwise: 'auto',
    help: 'Colours; auto means on a terminal, unless NO_COLOR is set.',
    group: 'OUTPUT',
  },
});

/** How to reach a cluster: kubectl's own flags, same meaning. */
export const connectionFlags = table({
  namespace: { kind: 'string', short: 'n', value: 'NAMESPACE', help: 'Namespace; default from the context.', group: connection },
  context: { kind: 'string', value: 'NAME', help: 'Context of the kubeconfig to use.', group: connection },
  cluster: { kind: 'string', value: 'NAME', help: 'Cluster of the kubeconfig to use.', group: connection },
  user: { kind: 'string', value: 'NAME', help: 'User of the kubeconfig to use.', group: connection },
  kubeconfig: {
    kind: 'string',
    value: 'FILE',
    file: true,
    help: 'Kubeconfig file; default $KUBECONFIG, else ~/.kube/config.',
    group: connection,
  },
  kuberc: {
    kind: 'string',
    value: 'FILE',
    file: true,
    help: 'File that says which credential plugins may run; default $KUBERC, else ~/.kube/kuberc.',
    group: connection,
  },
  server: { kind: 'string', short: 's', value: 'URL', help: 'Address of the API server.', group: connection },
  token: { kind: 'string', value: 'TOKEN', help: 'Bearer token for the API server.', group: connection },
  as: { kind: 'string', value: 'USER', help: 'Act as this user.', group: connection },
  'as-group': { kind: 'list', value: 'GROUP', help: 'Act as a member of this group; may be repeated.', group: connection },
  'as-uid': { kind: 'string', value: 'UID', help: 'UID to act as.', group: connection },
  'certificate-authority': {
    kind: 'string',
    value: 'FILE',
    file: true,
    help: "The API server's certificate authority.",
    group: connection,
  },
  'client-certificate': { kind: 'string', value: 'FILE', file: true, help: 'Client certificate for TLS.', group: connection },
  'client-key': { kind: 'string', value: 'FILE', file: true, help: 'Client key for TLS.', group: connection },
  'insecure-skip-tls-verify': {
    kind: 'bool',
    help: "Do not check the server's certificate: anybody could be the server.",
    group: connection,
  },
  'tls-server-name': { kind: 'string', value: 'NAME', help: "Name that the server's certificate must have.", group: connection },
  'request-timeout': {
    kind: 'seconds',
    value: 'TIME',
    help: 'Longest wait for one answer: seconds, or with a unit such as 1m; 0 means no limit.',
    group: connection,
  },
});

export const outputFlag = {
  kind: 'string',
  short: 'o',
  blank: true,
  oneOf: ['wide', 'json', 'yaml', 'name'],
  value: 'FORMAT',
  help: 'Output format: wide, json, yaml or name.',
  group: 'OUTPUT',
} as const satisfies FlagSpec;

/** For commands that only look. */
export const readingFlags = table({
  'all-namespaces': { kind: 'bool', short: 'A', help: 'Look in all namespaces.', group: 'OPTIONS' },
  output: outputFlag,
  'no-headers': { kind: 'bool', help: 'Tables without their header line.', group: 'OUTPUT' },
});

/** For commands that change something: what to show, whom to ask, how long to wait. */
export const changeFlags = table({
  'dry-run': {
    kind: 'string',
    bare: 'client',
    value: 'client|server',
    oneOf: ['client', 'server', 'none'],
    synonyms: { true: 'client', false: 'none' },
    help: 'Show the plan and change nothing; server also lets the API server try each kind of write.',
    group: 'CONFIRMATION',
  },
  yes: {
    kind: 'bool',
    short: 'y',
    help: 'Answer yes to a yes/no question. Never enough where a name must be typed.',
    group: 'CONFIRMATION',
  },
  confirm: {
    kind: 'string',
    value: 'NAME',
    help: 'Confirm without a prompt: NAME, NAMESPACE/NAME, or plan:DIGEST as printed by --dry-run.',
    group: 'CONFIRMATION',
  },
  allow: {
    kind: 'list',
    commas: true,
    value: 'ID[,ID]',
    help: 'Go on in spite of these findings; each must be named. See: kubectl sts-safe explain.',
    group: 'CONFIRMATION',
  },
  'take-over': { kind: 'bool', help: 'Continue an operation whose owner shows no sign of life.', group: 'CONFIRMATION' },
  reason: { kind: 'string', value: 'TEXT', help: 'Why, for the record and the events.', group: 'CONFIRMATION' },
  timeout: {
    kind: 'duration',
    value: 'TIME',
    otherwise: 'no limit',
    help: 'Longest time for the whole operation, such as 30m.',
    group: 'LIMITS',
  },
  'step-timeout': {
    kind: 'duration',
    value: 'TIME',
    otherwise: 'from the object: its grace period and start-up probe, at least 10m',
    help: 'Longest time for one member.',
    group: 'LIMITS',
  },
  progress: {
    kind: 'string',
    oneOf: ['auto', 'live', 'plain', 'json', 'none'],
    otherwise: 'auto',
    help: 'How to tell what happens, on stderr; auto is live on a terminal and plain elsewhere.',
    group: 'OUTPUT',
  },
  output: { ...outputFlag, oneOf: ['json', 'yaml', 'name'], help: 'Output format of the result: json, yaml or name.' },
});
