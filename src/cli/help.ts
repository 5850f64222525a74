import { type CommandSpec, words } from './command.ts';
import { exitCodes } from './exit.ts';
import { type FlagSpec, type FlagTable, flagGroups } from './flag.ts';

const program = 'kubectl sts-safe';

/** Help of one command: usage, description, examples, flags by group, exit codes. */
export function commandHelp(spec: CommandSpec, width = 80): string {
  const line = [program, words(spec.id), spec.usage, '[flags]'].filter((part) => part !== '').join(' ');
  const examples = spec.examples.map(({ what, line }) => `  # ${what}\n  ${program} ${line}\n`);
  const groups = flagGroups.map((group) => flagGroup(group, spec.flags, width)).filter((text) => text !== '');
  return [
    `${wrap(spec.summary, width, '')}.\n`,
    `USAGE\n  ${line}\n`,
    ...(spec.description === '' ? [] : [`DESCRIPTION\n${paragraphs(spec.description, width)}`]),
    `EXAMPLES\n${examples.join('\n')}`,
    ...groups,
    exitCodeTable(width),
  ].join('\n');
}

/** Help of the program, or of a topic such as `pvc`: what there is. */
export function overview(specs: readonly CommandSpec[], path: readonly string[], width = 80): string {
  const prefix = path.map((word) => `${word}:`).join('');
  const listed = specs.filter(({ id }) => id.startsWith(prefix)).map(({ id, summary }): [string, string] => [words(id), summary]);
  const examples = specs
    .filter(({ id }) => id.startsWith(prefix))
    .flatMap(({ examples: [first] }) => (first ? [`  # ${first.what}\n  ${program} ${first.line}\n`] : []))
    .slice(0, 4);
  const here = [program, ...path].join(' ');
  return [
    `${wrap('Safe operations on StatefulSets: look, plan, show, confirm, act, verify, one member at a time', width, '')}.\n`,
    `USAGE\n  ${here} COMMAND [flags]\n`,
    `COMMANDS\n${columns(listed, width)}`,
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
    .filter(([, spec]) => spec.group === group)
    .map(([name, spec]): [string, string] => [flagLabel(name, spec), flagText(spec)]);
  return rows.length === 0 ? '' : `${group}\n${columns(rows, width)}`;
}

function flagLabel(name: string, spec: FlagSpec): string {
  const value = spec.kind === 'bool' ? '' : (spec.value ?? spec.oneOf?.join('|') ?? 'VALUE');
  const long = spec.bare === undefined ? `--${name}${value && ` ${value}`}` : `--${name}[=${value}]`;
  // kubectl too has flags whose long name is one letter; they are written once.
  return spec.short === name ? `-${name} ${value}` : `${spec.short ? `-${spec.short}, ` : '    '}${long}`;
}

function flagText({ help, otherwise }: FlagSpec): string {
  return otherwise === undefined ? help : `${help} Default: ${otherwise}.`;
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
