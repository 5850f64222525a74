import type { Command } from '@oclif/core/command';
import { Help } from '@oclif/core/help';
import { wrap } from '../render/text.ts';
import { exitCodes } from './exit.ts';
import { connection, type FlagSpec, type FlagTable, ofAll, ofChanges, ownGroups } from './flag-spec.ts';
import type { Io } from './io.ts';
import { type CommandSpec, words } from './manifest.ts';
import { type Loaders, ProgramConfig } from './program.ts';
import { oclif } from './version.ts';

const { bin: program, topics } = oclif;

/** Writes the help of the command or topic that these words name, or of the program, to stdout. */
export async function showHelp(path: readonly string[], loaders: Loaders, io: Pick<Io, 'stdout'>): Promise<void> {
  await new KubectlHelp(await ProgramConfig.of(loaders), io).showHelp([...path]);
}

/** oclif's help, which finds what is asked for, in kubectl's manner. */
class KubectlHelp extends Help {
  readonly #io: Pick<Io, 'stdout'>;

  constructor(config: ProgramConfig, io: Pick<Io, 'stdout'>) {
    super(config);
    this.#io = io;
  }

  override showCommandHelp(command: Command.Loadable): Promise<void> {
    return this.#write(commandHelp(command as unknown as CommandSpec));
  }

  protected override showRootHelp(): Promise<void> {
    return this.#write(overview(this.#commands, topics, []));
  }

  protected override showTopicHelp({ name }: { readonly name: string }): Promise<void> {
    return this.#write(overview(this.#commands, topics, name.split(':')));
  }

  /** In the order of the registry; oclif's own list is sorted. */
  get #commands(): readonly CommandSpec[] {
    return this.config.commands as unknown as readonly CommandSpec[];
  }

  #write(text: string): Promise<void> {
    this.#io.stdout.write(text);
    return Promise.resolve();
  }
}

/** Help of one command: usage, description, examples, its own flags by group. What many share is in `options`. */
export function commandHelp(spec: CommandSpec, width = 80): string {
  return [
    `${lines(`${spec.summary}.`, width)}\n`,
    `USAGE\n  ${usage(spec)}\n`,
    ...(spec.description === undefined ? [] : [`DESCRIPTION\n${paragraphs(spec.description, width)}`]),
    examplesOf(spec.examples),
    ...ownGroups.map((group) => flagGroup(group, spec.flags, width)).filter((text) => text !== ''),
    lines(`Use "${program} options" for the flags that commands share: connection, logging, progress, timeouts.`, width),
    '',
  ].join('\n');
}

/** Flags that are in many commands, and mean the same in each. */
export function optionsHelp(all: readonly CommandSpec[], width = 80): string {
  const flags = all.flatMap((command) => Object.entries(command.flags));
  const groups = [ofAll, connection, ofChanges].map((group) =>
    flagGroup(group, Object.fromEntries(flags.filter(([, { helpGroup }]) => helpGroup === group)), width),
  );
  return ['Flags that commands share:\n', ...groups].join('\n');
}

/** `kubectl sts-safe scale NAME --replicas N [flags]` */
export function usage({ id, usage, args, flags }: CommandSpec): string {
  const required = Object.entries(flags).filter(([, flag]) => flag.required === true);
  const own = usage ?? [...Object.values(args).map(argLabel), ...required.map(([name, flag]) => flagLabel(name, flag).trim())].join(' ');
  return [program, words(id), own, '[flags]'].filter((part) => part !== '').join(' ');
}

function argLabel({ name, required, multiple }: CommandSpec['args'][string]): string {
  // An argument that may be repeated is called by its plural.
  const label = multiple === true ? `${name.replace(/s$/, '').toUpperCase()}...` : name.toUpperCase();
  return required === true ? label : `[${label}]`;
}

/** Help of the program, or of a topic such as `pvc`: what there is. The program's help has one line per topic. */
export function overview(specs: readonly CommandSpec[], topics: Topics, path: readonly string[], width = 80): string {
  const prefix = path.map((word) => `${word}:`).join('');
  const listed = specs.filter(({ id }) => id.startsWith(prefix));
  const examples = listed.flatMap(({ examples: [first] }) => (first ? [first] : [])).slice(0, 3);
  const here = [program, ...path].join(' ');
  return [
    `${lines('Safe operations on StatefulSets: every change is planned, confirmed, applied one Pod at a time and verified.', width)}\n`,
    `USAGE\n  ${here} COMMAND [flags]\n`,
    `COMMANDS\n${columns(path.length > 0 ? listed.map(commandRow) : rootRows(specs, topics), width)}`,
    examplesOf(examples),
    exitCodeTable(width),
    lines(`"${here} COMMAND --help" shows more. Flags follow "${program}": kubectl rejects flags placed before a plugin's name.`, width),
    '',
  ].join('\n');
}

/** What each topic is about, by its name. */
export type Topics = Readonly<Record<string, { readonly description: string }>>;

type Row = readonly [label: string, text: string];

function commandRow({ id, summary }: CommandSpec): Row {
  return [words(id), summary];
}

function rootRows(specs: readonly CommandSpec[], topics: Topics): readonly Row[] {
  const rows = specs.map((spec): Row => {
    const [topic = '', command] = spec.id.split(':');
    if (command === undefined) return commandRow(spec);
    const verbs = specs.filter(({ id }) => id.startsWith(`${topic}:`)).map(({ id }) => id.slice(topic.length + 1));
    return [topic, `${topics[topic]?.description ?? ''}: ${verbs.join(', ')}`];
  });
  return [...new Map(rows)];
}

function examplesOf(examples: CommandSpec['examples']): string {
  return `EXAMPLES\n${examples.map(({ description, command }) => `  # ${description}\n  ${command}\n`).join('')}`;
}

function exitCodeTable(width: number): string {
  return `EXIT CODES\n${columns(
    exitCodes.map(({ code, means }): Row => [String(code), means]),
    width,
  )}`;
}

function flagGroup(group: string, flags: FlagTable, width: number): string {
  const rows = Object.entries(flags)
    .filter(([, spec]) => (spec.helpGroup ?? 'OPTIONS') === group)
    .map(([name, spec]): Row => [flagLabel(name, spec), flagText(spec)]);
  return rows.length === 0 ? '' : `${group}\n${columns(rows, width)}`;
}

/** `-y, --yes` and `    --confirm NAME`, in a column. */
export function flagLabel(name: string, spec: FlagSpec): string {
  const value = spec.kind === 'bool' ? '' : (spec.helpValue ?? spec.options?.join('|') ?? 'VALUE');
  const long = spec.bare === undefined ? `--${name}${value && ` ${value}`}` : `--${name}[=${value}]`;
  // kubectl too has flags whose long name is one letter; they are written once.
  return spec.char === name ? `-${name} ${value}` : `${spec.char ? `-${spec.char}, ` : '    '}${long}`;
}

/** What it does, with its default. */
export function flagText({ description = '', otherwise }: FlagSpec): string {
  return otherwise === undefined ? description : `${description} Default: ${otherwise}.`;
}

/** Two columns; a label too long for its column stands on a line of its own. */
function columns(rows: readonly Row[], width: number): string {
  const widest = Math.min(29, Math.max(...rows.map(([label]) => label.length)));
  const indent = ' '.repeat(widest + 4);
  return rows
    .map(([label, text]) => {
      const body = lines(text, width, indent);
      return label.length > widest ? `  ${label}\n${body}\n` : `  ${label.padEnd(widest)}  ${body.trimStart()}\n`;
    })
    .join('');
}

function paragraphs(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((paragraph) => `${lines(paragraph, width, '  ')}\n`)
    .join('\n');
}

function lines(text: string, width: number, indent = ''): string {
  return wrap(text, width - indent.length)
    .map((line) => indent + line)
    .join('\n');
}
