import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, type Shell } from './shell.ts';

const MARKER = 'written-by-the-demo';

interface List<T> {
  readonly items: readonly T[];
}
interface Claim {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly volumeName: string };
}
interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly hostPath?: { readonly path: string } };
}

/** A member's volume: in the sandbox a volume is a directory of this machine. */
export interface Place {
  readonly claim: string;
  readonly uid: string;
  readonly directory: string;
}

/** The claims of the namespace and where their data lies, in the order of their names. */
export async function places(shell: Shell): Promise<readonly Place[]> {
  const claims = JSON.parse(await ask(shell, 'get', 'pvc', '-o', 'json')) as List<Claim>;
  const volumes = JSON.parse(await ask(shell, 'get', 'pv', '-o', 'json')) as List<Volume>;
  const directories = new Map(volumes.items.map(({ metadata, spec }) => [metadata.name, spec.hostPath?.path]));
  return claims.items.map(({ metadata, spec }) => {
    const directory = directories.get(spec.volumeName);
    if (directory === undefined) throw new Error(`the volume of claim ${metadata.name} is no directory of this machine`);
    return { claim: metadata.name, uid: metadata.uid, directory };
  });
}

/** Writes a marker into each member's volume, as a database writes its data. */
export async function writeMarkers(found: readonly Place[]): Promise<void> {
  for (const { claim, directory } of found) await writeFile(join(directory, MARKER), `data of ${claim}\n`);
}

/**
 * Proves that the claims are the same objects and their data is there.
 * @throws Error naming what is not
 */
export async function proveMarkers(before: readonly Place[], shell: Shell): Promise<void> {
  const after = new Map((await places(shell)).map((place) => [place.claim, place]));
  for (const { claim, uid } of before) {
    const now = after.get(claim);
    if (now?.uid !== uid) throw new Error(`claim ${claim} is not the object that it was`);
    const text = await readFile(join(now.directory, MARKER), 'utf8');
    if (text !== `data of ${claim}\n`) throw new Error(`the data of claim ${claim} is not what was written`);
    process.stdout.write(`  ${claim}: same claim, and its volume still says "${text.trim()}"\n`);
  }
}
