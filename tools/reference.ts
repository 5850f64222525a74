/** docs/reference: a page for each command or group of commands, from the manifest. tools/manifest.ts writes them with it. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { exitCodes } from '../src/cli/exit.ts';
import { connection, type FlagSpec, ofAll, ofChanges, ownGroups } from '../src/cli/flag-spec.ts';
import { flagLabel, flagText, usage } from '../src/cli/help.ts';
import { type CommandSpec, words } from '../src/cli/manifest.ts';
import { oclif } from '../src/cli/version.ts';

const folder = new URL('../docs/reference/', import.meta.url);
const MADE = '<!-- Made by tools/reference.ts from the commands. Do not edit. -->';

/** The pages by their names. */
export function referencePages(commands: readonly CommandSpec[]): ReadonlyMap<string, string> {
  const groups = Map.groupBy(commands, ({ id }) => id.split(':')[0] ?? id);
  return new Map([
    ['README.md', index(groups)],
    ['flags.md', sharedFlags(commands)],
    ...[...groups].map(([group, members]) => [`${group}.md`, page(group, members)] as const),
  ]);
}

/** Writes the pages, or only compares them. @returns those that are not as they should be */
export async function writeReference(commands: readonly CommandSpec[], check: boolean): Promise<readonly string[]> {
  const pages = referencePages(commands);
  const there = await readdir(folder).catch(() => []);
  const texts = new Map(await Promise.all(there.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const)));
  const stale = [...new Set([...pages.keys(), ...there])].filter((name) => pages.get(name) !== texts.get(name));
  if (check) return stale;
  await mkdir(folder, { recursive: true });
  for (const name of stale) {
    const text = pages.get(name);
    if (text === undefined) await rm(new URL(name, folder));
    else await writeFile(new URL(name, folder), text);
  }
  return [];
}

function index(groups: ReadonlyMap<string, readonly CommandSpec[]>): string {
  const rows = [...groups].flatMap(([group, members]) =>
    members.map(({ id, summary }) => `| [${words(id)}](${group}.md${members.length > 1 ? `#${anchor(id)}` : ''}) | ${cell(summary)} |`),
  );
  return text(
    '# Commands',
    MADE,
    `All of them are typed behind \`${oclif.bin}\`, with their flags after the command. ${link('Flags that commands share', 'flags.md')} are listed once.`,
    ['| command | |', '|---|---|', ...rows].join('\n'),
    '## Exit codes',
    ['| code | |', '|---|---|', ...exitCodes.map(({ code, means }) => `| ${code} | ${cell(means)} |`)].join('\n'),
  );
}

const link = (label: string, target: string): string => `[${label}](${target})`;
const anchor = (id: string): string => id.replaceAll(':', '-');

function sharedFlags(commands: readonly CommandSpec[]): string {
  const flags = commands.flatMap((command) => Object.entries(command.flags));
  return text(
    '# Flags that commands share',
    MADE,
    ...[ofAll, connection, ofChanges].flatMap((group) => flagsOf(group, Object.fromEntries(flags), '##')),
  );
}

function page(group: string, members: readonly CommandSpec[]): string {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return text(`# ${words(only.id)}`, MADE, ...section(only, '##'));
  const { description = '' } = (oclif.topics as Readonly<Record<string, { readonly description: string }>>)[group] ?? {};
  return text(`# ${group}`, MADE, `${description}.`, ...members.flatMap((spec) => [`## ${words(spec.id)}`, ...section(spec, '###')]));
}

function section(spec: CommandSpec, level: string): readonly string[] {
  const { summary, description, examples, flags } = spec;
  return [
    `${summary}.`,
    block([usage(spec)]),
    ...(description === undefined ? [] : [escaped(description)]),
    block(examples.flatMap(({ description: what, command }) => [`# ${what}`, command])),
    ...ownGroups.flatMap((title) => flagsOf(title, flags, level)),
  ];
}

const block = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

function flagsOf(group: string, flags: Readonly<Record<string, FlagSpec>>, level: string): readonly string[] {
  const rows = Object.entries(flags)
    .filter(([, spec]) => (spec.helpGroup ?? 'OPTIONS') === group)
    .map(([name, spec]) => `| \`${cell(flagLabel(name, spec).trim())}\` | ${cell(escaped(flagText(spec)))} |`);
  if (rows.length === 0) return [];
  const title = group.charAt(0) + group.slice(1).toLowerCase();
  return [`${level} ${title}`, ['| flag | |', '|---|---|', ...rows].join('\n')];
}

/** In a table, a bar ends the cell even within code. */
const cell = (part: string): string => part.replaceAll('|', '\\|').replaceAll('\n', ' ');

const escaped = (prose: string): string => prose.replaceAll(/[<>*_]/g, '\\$&');

const text = (...parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
