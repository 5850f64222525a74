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
interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[] };
}

/** The way to what a claim's volume holds. */
interface Data {
  write(claim: string, text: string): Promise<void>;
  /** Undefined where there is no way to it now. */
  read(claim: string): Promise<string | undefined>;
}

/** What every member has written into its volume, as a database writes its data. */
export class Markers {
  readonly #shell: Shell;
  readonly #data: Data;
  readonly #uids: ReadonlyMap<string, string>;

  private constructor(shell: Shell, data: Data, uids: ReadonlyMap<string, string>) {
    this.#shell = shell;
    this.#data = data;
    this.#uids = uids;
  }

  /** Writes one into the volume of every claim of the namespace. */
  static async write(shell: Shell, data: Data): Promise<Markers> {
    const uids = await uidsOf(shell);
    for (const claim of uids.keys()) await data.write(claim, textFor(claim));
    return new Markers(shell, data, uids);
  }

  /**
   * Proves that the claims are the same objects, and their data is there as far as one can look at it now.
   * @throws Error naming what is not
   */
  async prove(): Promise<void> {
    const now = await uidsOf(this.#shell);
    for (const [claim, uid] of this.#uids) {
      if (now.get(claim) !== uid) throw new Error(`PVC ${claim} is not the object that it was`);
      const text = await this.#data.read(claim);
      if (text !== undefined && text !== textFor(claim)) throw new Error(`the data of PVC ${claim} is not what was written`);
      const said = text === undefined ? 'it is looked into when a member has it again' : `its volume still says "${text}"`;
      process.stdout.write(`  ${claim}: same PVC, and ${said}\n`);
    }
  }
}

/** In the sandbox a volume is a directory of this machine. */
export function inDirectories(shell: Shell): Data {
  const file = async (claim: string): Promise<string> => {
    const { spec } = JSON.parse(await ask(shell, 'get', 'pvc', claim, '-o', 'json')) as Claim;
    const volume = JSON.parse(await ask(shell, 'get', 'pv', spec.volumeName, '-o', 'json')) as Volume;
    const directory = volume.spec.hostPath?.path;
    if (directory === undefined) throw new Error(`the volume of PVC ${claim} is no directory of this machine`);
    return join(directory, MARKER);
  };
  return {
    write: async (claim, text) => writeFile(await file(claim), `${text}\n`),
    read: async (claim) => (await readFile(await file(claim), 'utf8')).trim(),
  };
}

/** Elsewhere only a member that runs can look into its volume, which it has at this path. */
export function throughMembers(shell: Shell, path: string): Data {
  const member = async (claim: string): Promise<string | undefined> => {
    const { items } = JSON.parse(await ask(shell, 'get', 'pod', '-o', 'json')) as List<Pod>;
    return items.find(({ spec }) => spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claim))?.metadata.name;
  };
  return {
    write: async (claim, text) => {
      const pod = await member(claim);
      if (pod === undefined) throw new Error(`no member has PVC ${claim}`);
      await ask(shell, 'exec', pod, '--', 'sh', '-c', `echo "${text}" > ${path}/${MARKER}`);
    },
    read: async (claim) => {
      const pod = await member(claim);
      return pod === undefined ? undefined : (await ask(shell, 'exec', pod, '--', 'cat', `${path}/${MARKER}`)).trim();
    },
  };
}

const textFor = (claim: string): string => `data of ${claim}`;

async function uidsOf(shell: Shell): Promise<ReadonlyMap<string, string>> {
  const { items } = JSON.parse(await ask(shell, 'get', 'pvc', '-o', 'json')) as List<Claim>;
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.uid]));
}
