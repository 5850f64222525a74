import { type Housed, housedGlobals, housedModules, longestFile, rooms, wiring } from './rooms.ts';
import { resolveImport, type Source } from './source.ts';

/** Every breach of the architecture in this file, as sentences. */
export function breaches(source: Source): readonly string[] {
  return [...roomBreaches(source), ...imported(source), ...touched(source), ...tooLong(source)];
}

function roomBreaches({ path, imports }: Source): readonly string[] {
  if (wiring.includes(path)) return [];
  const room = rooms[roomOf(path)];
  if (!room) return [`${path}: ${roomOf(path)} is no room of the architecture`];
  return imports.flatMap((specifier) => {
    const target = resolveImport(path, specifier);
    if (target === undefined || target.startsWith('../')) return []; // package.json and the manifest: data beside src
    const allowed = roomOf(target) === roomOf(path) || room.mayImport.includes(roomOf(target));
    return allowed ? [] : [`${path} imports ${target}: ${room.because}`];
  });
}

function imported({ path, imports }: Source): readonly string[] {
  return imports.flatMap((specifier) => strangers(path, specifier, housedModules));
}

function touched({ path, globals }: Source): readonly string[] {
  return globals.flatMap((name) => strangers(path, name, housedGlobals));
}

function strangers(path: string, name: string, housed: readonly Housed[]): readonly string[] {
  return housed
    .filter(({ what, homes }) => what.test(name) && !homes.some((home) => path.startsWith(home)))
    .map(({ because, homes }) => `${path} uses ${name}, whose home is ${homes.join(', ') || 'nowhere'}: ${because}`);
}

function tooLong({ path, lines }: Source): readonly string[] {
  return lines < longestFile ? [] : [`${path} has ${lines} lines of code: split it where two things meet`];
}

export function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}
