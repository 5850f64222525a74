/**
 * The rooms of src/ and the law of imports (docs/design.md), as data: one table for the architecture test; .oxlintrc.json
 * repeats it for editors, and a test compares the two.
 */
export interface Room {
  /** Rooms it may import from, beside itself. */
  readonly mayImport: readonly string[];
  /** For people who broke the law: why it is so, and what to do instead. */
  readonly because: string;
}

const pure = ['plan', 'domain'];
const acting = [
  'operations',
  'findings',
  'execute',
  'record',
  'inspect',
  'gates',
  'render',
  'cluster',
  'dns',
  'peers',
  'pvcs',
  'manifest',
  ...pure,
];

export const rooms: Readonly<Record<string, Room>> = {
  domain: { mayImport: [], because: 'domain holds the words that everybody uses; it knows nobody. Put the rule where its words are.' },
  plan: { mayImport: ['domain'], because: 'plans are data. Whoever makes or runs them imports plan, not the other way round.' },
  pvcs: { mayImport: ['domain'], because: 'what a PVC is follows from a look alone. Declare the slice that it needs instead of reading.' },
  findings: {
    mayImport: ['pvcs', ...pure],
    because: 'a check is a pure function of a snapshot. Declare the slice that it needs instead of reading.',
  },
  operations: {
    mayImport: ['findings', 'pvcs', ...pure],
    because: 'an operation plans from a snapshot and acts on nothing. Put effects into a step that execute knows.',
  },
  record: { mayImport: ['manifest', ...pure], because: 'record reaches the cluster through the verbs of domain/verbs.ts only.' },
  gates: { mayImport: ['inspect', ...pure], because: 'a gate is run through the ports that it declares.' },
  inspect: {
    mayImport: ['findings', 'record', 'cluster', 'pvcs', ...pure],
    because: 'inspect only looks: it is read by those who act, and prints nothing. What it needs of operations comes through a port.',
  },
  execute: {
    mayImport: ['inspect', 'record', 'manifest', ...pure],
    because: 'execute knows ports, not the cluster, so that tests can move the world under it.',
  },
  render: { mayImport: ['inspect', 'peers', 'pvcs', ...pure], because: 'a renderer is data in, string out.' },
  cluster: { mayImport: ['domain'], because: 'the door to the API server knows objects, not what is done with them.' },
  dns: { mayImport: ['domain'], because: 'look-ups know names, not what is done with them.' },
  peers: {
    mayImport: ['dns', 'findings', ...pure],
    because: 'what is wrong with peers is a pure function of what was read. Read in cli, and hand it over.',
  },
  manifest: { mayImport: ['domain'], because: 'manifests are data; who reads and writes them is elsewhere.' },
  operate: {
    mayImport: acting,
    because: 'the driver serves commands, recover and runbooks alike, so it knows none of them; ask through a port.',
  },
  recover: { mayImport: ['operate', ...acting], because: 'recover acts through operate and asks through ports.' },
  runbook: { mayImport: ['operate', ...acting], because: 'a runbook acts through operate and asks through ports.' },
  cli: {
    mayImport: ['recover', 'runbook', 'operate', ...acting],
    because: 'cli reads the command line; commands use it, it does not use them.',
  },
  commands: {
    mayImport: ['cli', 'recover', 'runbook', 'operate', ...acting],
    because: 'a command turns flags into options; main wires it.',
  },
};

/** Files of src/ itself: wiring, which may import everything. */
export const wiring = ['main.ts', 'registry.ts'];

/** Something that has its only homes: a module, by its name, or a global, by its expression. */
export interface Housed {
  readonly what: RegExp;
  readonly homes: readonly string[];
  readonly because: string;
}

export const housedModules: readonly Housed[] = [
  {
    what: /^(node:)?child_process$/,
    homes: ['cluster/', 'gates/', 'cli/', 'runbook/'],
    because: 'processes are started for credentials, gates, $EDITOR and runbooks only',
  },
  {
    what: /^(node:)?(net|tls|https?|http2|dgram|dns|dns\/promises)$|^ws$|^undici$/,
    homes: ['cluster/', 'dns/'],
    because: 'there is one door to the network',
  },
  { what: /^(node:)?timers(\/promises)?$/, homes: ['cli/clock.ts', 'render/live/'], because: 'time is injected: take a Clock' },
  { what: /^inquirer$|^@inquirer\//, homes: ['cli/prompt.ts'], because: 'only cli/prompt.ts checks for a terminal first' },
  { what: /^cli-table3$/, homes: ['render/table.ts'], because: 'tables have one look' },
  { what: /^listr2$/, homes: ['render/live/'], because: 'only the live list owns the terminal' },
  {
    what: /^@oclif\//,
    homes: ['cli/arg.ts', 'cli/command.ts', 'cli/flag.ts', 'cli/help.ts', 'cli/program.ts'],
    because: 'oclif reads flags unlike kubectl; what a command needs of it is in cli/command.ts, cli/flag.ts and cli/arg.ts',
  },
  {
    what: /^@kubernetes\/client-node$/,
    homes: ['cluster/credentials/'],
    because: 'it costs 260 ms and drops fields; it is for credentials only',
  },
];

export const housedGlobals: readonly Housed[] = [
  { what: /^console$/, homes: [], because: 'events out, never prints' },
  { what: /^process\.exit$/, homes: ['cli/exit.ts'], because: 'errors and exit codes have one home' },
  { what: /^(setTimeout|setInterval|setImmediate)$/, homes: ['render/live/'], because: 'time is injected: take a Clock' },
  { what: /^(Date|performance)\.now$/, homes: ['cli/clock.ts'], because: 'time is injected: take a Clock' },
  { what: /^Math\.random$/, homes: ['cluster/connection.ts'], because: 'randomness is injected' },
];

export const longestFile = 200;
