/**
 * The law of imports as overrides for oxlint, so that an editor shows a breach while it is being typed.
 * `node test/architecture/oxlint.ts` writes .oxlintrc.rooms.json; the architecture test fails when it is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Housed, housedModules, rooms } from './rooms.ts';

const configFile = new URL('../../.oxlintrc.rooms.json', import.meta.url);

export interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

/** One override a room and, after it, one a home inside of that room. */
export function importOverrides(): readonly Override[] {
  return Object.keys(rooms).flatMap((room) => [
    override(`src/${room}/**`, room, `${room}/`),
    ...homesIn(room).map((home) => override(home.endsWith('/') ? `src/${home}**` : `src/${home}`, room, home)),
  ]);
}

/** The overrides that are in the file. */
export function presentOverrides(): readonly Override[] {
  return JSON.parse(readFileSync(configFile, 'utf8')).overrides;
}

function homesIn(room: string): readonly string[] {
  const homes = housedModules.flatMap((housed) => housed.homes).filter((home) => home.startsWith(`${room}/`) && home !== `${room}/`);
  return [...new Set(homes)];
}

function override(files: string, room: string, path: string): Override {
  const { mayImport = [], because = '' } = rooms[room] ?? {};
  const closed = Object.keys(rooms).filter((other) => other !== room && !mayImport.includes(other));
  const patterns = [
    ...(closed.length === 0 ? [] : [{ regex: `^(\\.\\./)+(${closed.join('|')})/`, message: because }]),
    ...housedModules.filter((housed) => !livesAt(housed, path)).map(({ what, because: message }) => ({ regex: what.source, message })),
  ];
  return { files: [files], rules: { 'eslint/no-restricted-imports': ['error', { patterns }] } };
}

function livesAt({ homes }: Housed, path: string): boolean {
  return homes.some((home) => path.startsWith(home));
}

if (import.meta.main) {
  const lines = importOverrides().map((one) => `    ${JSON.stringify(one)}`);
  writeFileSync(configFile, `{\n  "overrides": [\n${lines.join(',\n')}\n  ]\n}\n`);
}
