import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/registry.ts';
import { breaches } from './laws.ts';
import { importOverrides, presentOverrides } from './oxlint.ts';
import { housedGlobals, housedModules, longestFile, rooms } from './rooms.ts';
import { readSource, readSources, resolveImport, srcFolder } from './source.ts';

const sources = readSources();

describe('architecture', () => {
  it('reads every file there is', () => {
    const onDisk = readdirSync(srcFolder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    expect(sources.length).toBe(onDisk.length);
    expect(sources.length).toBeGreaterThan(80);
  });

  it('sees imports at all', () => {
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(sources.length);
  });

  it('has no breach', () => {
    expect(sources.flatMap(breaches)).toEqual([]);
  });

  it('has every room of src/ in its table', () => {
    const folders = readdirSync(srcFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(rooms)).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
  });

  it('has no circle among the rooms', () => {
    const reach = (room: string, path: readonly string[]): readonly string[] =>
      path.includes(room) ? [[...path, room].join(' → ')] : (rooms[room]?.mayImport ?? []).flatMap((next) => reach(next, [...path, room]));
    expect(Object.keys(rooms).flatMap((room) => reach(room, []))).toEqual([]);
  });
});

/** Everything that is loaded with these files of src/, packages by their names. */
function loadedWith(entries: readonly string[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const loaded = new Set<string>();
  const left = [...entries];
  for (;;) {
    const path = left.pop();
    if (path === undefined) return loaded;
    if (loaded.has(path)) continue;
    loaded.add(path);
    left.push(...(byPath.get(path)?.loads ?? []).map((to) => resolveImport(path, to) ?? to));
  }
}

describe('what is compared with kubectl', () => {
  const status = loadedWith(['main.ts', 'commands/status.ts', 'cli/show/status.ts', 'cli/connect.ts']);

  it('loads no operation and no schema of a record: `status` of a set without one needs neither', () => {
    expect([...status].filter((path) => /^(operations|operate|execute)\/|^typebox|^inquirer|^listr2|^record\/codec/.test(path))).toEqual(
      [],
    );
  });

  it('is seen at all', () => {
    expect([...status]).toEqual(expect.arrayContaining(['inspect/status/look.ts', 'cluster/reader.ts', 'cli-table3']));
  });
});

describe('the architecture test can fail', () => {
  const canaries: Readonly<Record<string, readonly [path: string, text: string]>> = {
    'an import up': ['domain/canary.ts', "import { plan } from '../plan/plan.ts';"],
    'a type import up': ['findings/canary.ts', "import type { Io } from '../cli/io.ts';"],
    'a lazy import up': ['operate/canary.ts', "const { dispatch } = await import('../cli/dispatch.ts');"],
    'a re-export up': ['render/canary.ts', "export * from '../operate/ports.ts';"],
    'a process': ['execute/canary.ts', "import { spawn } from 'node:child_process';"],
    'a socket': ['cli/canary.ts', "import { connect } from 'node:net';"],
    'a prompt': ['commands/canary.ts', "await import('inquirer');"],
    'a table': ['render/canary.ts', "import Table from 'cli-table3';"],
    'a live list': ['render/canary.ts', "import { Listr } from 'listr2';"],
    'a timer': ['operate/canary.ts', 'setTimeout(() => {}, 1);'],
    'the real time': ['record/canary.ts', 'export const now = Date.now();'],
    'a print': ['plan/canary.ts', "console.error('hello');"],
    'an exit': ['commands/canary.ts', 'process.exit(1);'],
    'a new room': ['utils/canary.ts', 'export const one = 1;'],
    'a long file': ['domain/canary.ts', 'export {};\n'.repeat(longestFile)],
  };

  it.each(Object.entries(canaries))('finds %s', (_, [path, text]) => {
    expect(breaches(readSource(path, text))).toHaveLength(1);
  });

  it('has homes that exist', () => {
    const homes = [...housedModules, ...housedGlobals].flatMap((housed) => housed.homes).filter((home) => home.endsWith('.ts'));
    expect(sources.map(({ path }) => path)).toEqual(expect.arrayContaining(homes));
  });
});

describe('.oxlintrc.rooms.json', () => {
  it('holds the same law: node test/architecture/oxlint.ts writes it', () => {
    expect(presentOverrides()).toEqual(importOverrides());
  });
});

describe('registry', () => {
  it('holds exactly the files of commands/', () => {
    const files = sources
      .filter(({ path }) => path.startsWith('commands/'))
      .map(({ path }) => path.slice('commands/'.length, -'.ts'.length));
    expect(
      Object.keys(registry)
        .map((id) => id.replaceAll(':', '/'))
        .sort(),
    ).toEqual(files.sort());
  });
});
