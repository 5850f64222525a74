import { bool, choice, duration, int, list, seconds, text } from './flag.ts';
import { connection, ofAll, ofChanges } from './flag-spec.ts';
import { either } from './values.ts';

/** In every command. `-h` wins over everything but a wrong flag, as in kubectl. */
export const everyFlags = {
  help: bool({ char: 'h', description: 'Show the help of the command.', helpGroup: ofAll }),
  v: int({
    char: 'v',
    range: [0, 10],
    helpValue: 'LEVEL',
    description: 'Verbosity; 1 shows steps and evidence, 6 logs every API request.',
    helpGroup: ofAll,
  }),
  color: choice(['auto', 'always', 'never'], {
    otherwise: 'auto',
    description: 'Colors; auto means on a terminal, unless NO_COLOR is set.',
    helpGroup: ofAll,
  }),
};

/** How to reach a cluster: kubectl's own flags, same meaning. */
export const connectionFlags = {
  namespace: text({ char: 'n', from: 'namespaces', helpValue: 'NAMESPACE', description: 'Namespace; default from the context.' }),
  context: text({ helpValue: 'NAME', description: 'Context of the kubeconfig to use.', helpGroup: connection }),
  cluster: text({ helpValue: 'NAME', description: 'Cluster of the kubeconfig to use.', helpGroup: connection }),
  user: text({ helpValue: 'NAME', description: 'User of the kubeconfig to use.', helpGroup: connection }),
  kubeconfig: text({
    helpValue: 'FILE',
    file: true,
    description: 'Kubeconfig file; default $KUBECONFIG, else ~/.kube/config.',
    helpGroup: connection,
  }),
  kuberc: text({
    helpValue: 'FILE',
    file: true,
    description: 'File that says which credential plugins may run; default $KUBERC, else ~/.kube/kuberc.',
    helpGroup: connection,
  }),
  server: text({ char: 's', helpValue: 'URL', description: 'Address of the API server.', helpGroup: connection }),
  token: text({ helpValue: 'TOKEN', description: 'Bearer token for the API server.', helpGroup: connection }),
  as: text({ helpValue: 'USER', description: 'Act as this user.', helpGroup: connection }),
  'as-group': list({ helpValue: 'GROUP', description: 'Act as a member of this group; may be repeated.', helpGroup: connection }),
  'as-uid': text({ helpValue: 'UID', description: 'UID to act as.', helpGroup: connection }),
  'certificate-authority': text({
    helpValue: 'FILE',
    file: true,
    description: "The API server's certificate authority.",
    helpGroup: connection,
  }),
  'client-certificate': text({ helpValue: 'FILE', file: true, description: 'Client certificate for TLS.', helpGroup: connection }),
  'client-key': text({ helpValue: 'FILE', file: true, description: 'Client key for TLS.', helpGroup: connection }),
  'insecure-skip-tls-verify': bool({
    description: "Do not check the server's certificate: any server could answer.",
    helpGroup: connection,
  }),
  'tls-server-name': text({ helpValue: 'NAME', description: "Name that the server's certificate must have.", helpGroup: connection }),
  'request-timeout': seconds({
    helpValue: 'TIME',
    description: 'Timeout for a single API request: seconds, or with a unit such as 1m; 0 means no limit.',
    helpGroup: connection,
  }),
};

/** -o of a command that has these formats. */
export function outputFlag<const T extends readonly string[]>(formats: T, of = 'Output format') {
  return choice(formats, { char: 'o', blank: true, helpValue: 'FORMAT', description: `${of}: ${either(formats)}.` });
}

/** For commands that list. */
export const readingFlags = {
  'all-namespaces': bool({ char: 'A', description: 'Look in all namespaces.' }),
  'no-headers': bool({ description: 'Tables without their header line.' }),
};

/** For commands that change something: what to show, whom to ask, how long to wait. */
export const changeFlags = {
  'dry-run': choice(['client', 'server', 'none'], {
    bare: 'client',
    helpValue: 'client|server',
    synonyms: { true: 'client', false: 'none' },
    description: 'Only show the plan; server also submits the writes as a dry run.',
    helpGroup: 'CONFIRMATION',
  }),
  yes: bool({
    char: 'y',
    description: 'Answer yes; not enough where a name is required.',
    helpGroup: 'CONFIRMATION',
  }),
  confirm: text({
    helpValue: 'NAME',
    description: 'Confirm by NAME, NAMESPACE/NAME, or plan:DIGEST as printed by --dry-run.',
    helpGroup: 'CONFIRMATION',
  }),
  allow: list({
    from: 'checks',
    commas: true,
    helpValue: 'ID[,ID]',
    description: 'Override these findings; see explain.',
    helpGroup: 'CONFIRMATION',
  }),
  'take-over': bool({ description: 'Take over an operation whose client has stopped sending heartbeats.', helpGroup: ofChanges }),
  reason: text({ helpValue: 'TEXT', description: 'Reason, stored with the operation and in Events.', helpGroup: ofChanges }),
  timeout: duration({
    helpValue: 'TIME',
    otherwise: 'no limit',
    description: 'Timeout for the whole operation, such as 30m.',
    helpGroup: ofChanges,
  }),
  'step-timeout': duration({
    helpValue: 'TIME',
    otherwise: 'from the object: its grace period and start-up probe, at least 10m',
    description: 'Timeout for one Pod.',
    helpGroup: ofChanges,
  }),
  progress: choice(['auto', 'live', 'plain', 'json', 'none'], {
    otherwise: 'auto',
    description: 'Progress format, on stderr; auto is live on a terminal and plain elsewhere.',
    helpGroup: ofChanges,
  }),
  quiet: bool({ char: 'q', description: 'No plan and no progress; only what is asked, refused and the result.', helpGroup: ofChanges }),
  output: outputFlag(['json', 'yaml', 'name'], 'Output format of the result'),
};
