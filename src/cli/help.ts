import type { Command } from '@oclif/core/command';
import { Help } from '@oclif/core/help';
import { exitCodes } from './exit.ts';
import { type FlagSpec, type FlagTable, flagGroups } from './flag-spec.ts';
import type { Io } from './io.ts';
import { type CommandSpec, words } from './manifest.ts';
import { type Loaders, ProgramConfig } from './program.ts';

const program = 'kubectl sts-safe';

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
    return this.#write(overview(this.#commands, []));
  }

  protected override showTopicHelp({ name }: { readonly name: string }): Promise<void> {
    return this.#write(overview(this.#commands, name.split(':')));
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

/** Help of one command: usage, description, examples, flags by group, exit codes. */
export function commandHelp(spec: CommandSpec, width = 80): string {
  const examples = spec.examples.map(({ description, command }) => `  # ${description}\n  ${command}\n`);
  const groups = flagGroups.map((group) => flagGroup(group, spec.flags, width)).filter((text) => text !== '');
  return [
    `${wrap(spec.summary, width, '')}.\n`,
    `USAGE\n  ${usage(spec)}\n`,
    ...(spec.description === undefined ? [] : [`DESCRIPTION\n${paragraphs(spec.description, width)}`]),
    `EXAMPLES\n${examples.join('\n')}`,
    ...groups,
    exitCodeTable(width),
  ].join('\n');
}

/** `kubectl sts-safe scale NAME --replicas N [flags]` */
function usage({ id, usage, args, flags }: CommandSpec): string {
  const required = Object.entries(flags).filter(([, flag]) => flag.required === true);
  const own = usage ?? [...Object.values(args).map(argLabel), ...required.map(([name, flag]) => flagLabel(name, flag).trim())].join(' ');
  return [program, words(id), own, '[flags]'].filter((part) => part !== '').join(' ');
}

function argLabel({ name, required, multiple }: CommandSpec['args'][string]): string {
  // An argument that may be repeated is called by its plural.
  const label = multiple === true ? `${name.replace(/s$/, '').toUpperCase()}...` : name.toUpperCase();
  return required === true ? label : `[${label}]`;
}

/** Help of the program, or of a topic such as `pvc`: what there is. */
export function overview(specs: readonly CommandSpec[], path: readonly string[], width = 80): string {
  const prefix = path.map((word) => `${word}:`).join('');
  const listed = specs.filter(({ id }) => id.startsWith(prefix));
  const examples = listed.flatMap(({ examples: [first] }) => (first ? [`  # ${first.description}\n  ${first.command}\n`] : [])).slice(0, 4);
  const here = [program, ...path].join(' ');
  return [
    `${wrap('Safe operations on StatefulSets: look, plan, show, confirm, act, verify, one member at a time', width, '')}.\n`,
    `USAGE\n  ${here} COMMAND [flags]\n`,
    `COMMANDS\n${columns(
      listed.map(({ id, summary }) => [words(id), summary]),
      width,
    )}`,
    `EXAMPLES\n${examples.join('\n')}`,
    exitCodeTable(width),
    wrap(`${here} COMMAND --help tells more. Flags follow "${program}": kubectl does not pass on those before it.`, width, ''),
    '',
  ].join('\n');
}

function exitCodeTable(width: number): string {
  return `EXIT CODES\n${columns(
    exitCodes.map(({ code, means }) => [String(code), means]),
    width,
  )}`;
}

function flagGroup(group: string, flags: FlagTable, width: number): string {
  const rows = Object.entries(flags)
    .filter(([, spec]) => (spec.helpGroup ?? 'OPTIONS') === group)
    .map(([name, spec]): [string, string] => [flagLabel(name, spec), flagText(spec)]);
  return rows.length === 0 ? '' : `${group}\n${columns(rows, width)}`;
}

function flagLabel(name: string, spec: FlagSpec): string {
  const value = spec.kind === 'bool' ? '' : (spec.helpValue ?? spec.options?.join('|') ?? 'VALUE');
  const long = spec.bare === undefined ? `--${name}${value && ` ${value}`}` : `--${name}[=${value}]`;
  // kubectl too has flags whose long name is one letter; they are written once.
  return spec.char === name ? `-${name} ${value}` : `${spec.char ? `-${spec.char}, ` : '    '}${long}`;
}

function flagText({ description = '', otherwise }: FlagSpec): string {
  return otherwise === undefined ? description : `${description} Default: ${otherwise}.`;
}

/** Two columns; a label too long for its column stands on a line of its own. */
function columns(rows: readonly (readonly [string, string])[], width: number): string {
  const widest = Math.min(28, Math.max(...rows.map(([label]) => label.length)));
  const indent = ' '.repeat(widest + 4);
  return rows
    .map(([label, text]) => {
      const body = wrap(text, width, indent);
      return label.length > widest ? `  ${label}\n${body}\n` : `  ${label.padEnd(widest)}  ${body.trimStart()}\n`;
    })
    .join('');
}

function paragraphs(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((paragraph) => `${wrap(paragraph, width, '  ')}\n`)
    .join('\n');
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
