import { ApiError, ChangedError } from '../domain/errors.ts';
import type { Secret } from '../domain/kube.ts';
import { collectionOf, pathOf, refTo } from '../domain/object-ref.ts';
import type { Target } from '../domain/snapshot.ts';
import type { Archive, ArchiveEntry } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import { ARCHIVES_KEPT, decodeArchive, encodeArchive, indexName } from './archive.ts';
import { guardedWrite, type Patience } from './guarded.ts';
import { encode, entriesOf, type IndexChange, indexPatch, newIndex } from './index-secret.ts';

interface Ports extends Patience {
  readonly verbs: ApiVerbs;
}

/** The index Secret as it was last seen, or that there is none. */
export interface SeenIndex {
  readonly secret: Secret | undefined;
}

/** Guarded writes of the index Secret and the archives that it lists; the keeper (keeper.ts) gives each its turn. */
export class IndexCarrier {
  readonly #ports: Ports;
  readonly #target: Target;
  /** As the plan saw it, or as our last write left it: the next one tests that, so it need not be read again. */
  #seen: SeenIndex | undefined;

  /** @param seen as the plan saw it, where it could be read */
  constructor(ports: Ports, target: Target, seen?: SeenIndex) {
    this.#ports = ports;
    this.#target = target;
    this.#seen = seen;
  }

  /**
   * @param before the record's text on the index now, undefined for none: anything else there is a foreign change
   * @param after the record's text after the change, by which a lost answer is recognised
   */
  async change(
    change: (entries: readonly ArchiveEntry[]) => IndexChange,
    before: string | undefined,
    after: string | undefined,
  ): Promise<void> {
    await guardedWrite(this.#ports, async (tries) => {
      if (tries === 1 && (await this.#changeSeen(change, before))) return;
      const secret = await this.#read();
      if (secret === undefined) {
        if (before !== undefined)
          throw new ChangedError(`Secret ${indexName(this.#target.name)} with the operation record was deleted by another client`);
        return await this.#create(change([]));
      }
      const present = recordIn(secret);
      if (tries > 1 && present === after && before !== present) return;
      if (present !== before) throw this.#foreign();
      await this.#patch(indexPatch(secret, change(entriesOf(secret))));
    });
  }

  /** @returns false when it is not as it was seen: then it must be looked at */
  async #changeSeen(change: (entries: readonly ArchiveEntry[]) => IndexChange, before: string | undefined): Promise<boolean> {
    const seen = this.#seen;
    if (seen === undefined || (seen.secret && recordIn(seen.secret)) !== before) return false;
    try {
      if (seen.secret === undefined) await this.#create(change([]));
      else await this.#patch(indexPatch(seen.secret, change(entriesOf(seen.secret))));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.sent === 'rejected' && error.admission === undefined) return false;
      throw error;
    }
  }

  async #create(change: IndexChange): Promise<void> {
    const { verbs } = this.#ports;
    await this.#write(() => verbs.create(collectionOf('secrets', this.#target.namespace), newIndex(this.#target, change)));
  }

  async #patch(ops: readonly JsonPatchOp[]): Promise<void> {
    await this.#write(() => this.#ports.verbs.jsonPatch(this.#path(), ops));
  }

  async #write(send: () => Promise<Record<string, unknown>>): Promise<void> {
    // Whatever comes of it, it is not as it was.
    this.#seen = undefined;
    this.#seen = { secret: (await send()) as unknown as Secret };
  }

  /** @throws ChangedError unless the index carries exactly this record */
  async assertCarries(raw: string): Promise<void> {
    const secret = await this.#read();
    if (secret === undefined || recordIn(secret) !== raw) throw this.#foreign();
  }

  async beat(at: string, raw: string): Promise<void> {
    await this.#patch([
      { op: 'test', path: '/data/record', value: encode(raw) },
      { op: 'add', path: '/data/heartbeat', value: encode(at) },
    ]);
  }

  /**
   * Enters the archive in the index, then creates it: an entry without its Secret is harmless, a Secret that no index
   * lists would block its number for ever. Beyond the last ten, the oldest go.
   */
  async saveArchive(archive: Archive, entry: ArchiveEntry, record: string | undefined): Promise<void> {
    // Of all tries: when an answer was lost, the index does not tell any more what has left it.
    const dropped = new Set<string>();
    const enter = (entries: readonly ArchiveEntry[]): IndexChange => {
      if (entries.some(({ name, id }) => name === entry.name && id !== entry.id)) throw taken(entry.name);
      const all = [...entries.filter(({ name }) => name !== entry.name), entry];
      const kept = all.slice(-ARCHIVES_KEPT);
      for (const { name } of all.slice(0, -ARCHIVES_KEPT)) dropped.add(name);
      for (const { name } of kept) dropped.delete(name);
      return { entries: kept };
    };
    await this.change(enter, record, record);
    await this.#createArchive(archive);
    for (const name of dropped) await this.#dropArchive(name);
  }

  async #createArchive(archive: Archive): Promise<void> {
    const { namespace, name } = this.#target;
    await guardedWrite(this.#ports, async (tries) => {
      const present =
        tries === 1 ? undefined : ((await this.#ports.verbs.get(pathOf(refTo('secrets', namespace, archive.name)))) as Secret | undefined);
      if (present !== undefined && isArchiveOf(present, archive.id)) return;
      if (present !== undefined) throw taken(archive.name);
      await this.#ports.verbs.create(collectionOf('secrets', namespace), encodeArchive(archive, namespace, name));
    });
  }

  /** Best effort: an archive too many is not worth failing an operation. */
  async #dropArchive(name: string): Promise<void> {
    try {
      const path = pathOf(refTo('secrets', this.#target.namespace, name));
      const secret = (await this.#ports.verbs.get(path)) as Secret | undefined;
      if (secret !== undefined) await this.#ports.verbs.delete(path, { uid: secret.metadata.uid });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #read(): Promise<Secret | undefined> {
    return (await this.#ports.verbs.get(this.#path())) as Secret | undefined;
  }

  #path(): string {
    return pathOf(refTo('secrets', this.#target.namespace, indexName(this.#target.name)));
  }

  #foreign(): ChangedError {
    return new ChangedError(`the record in Secret ${indexName(this.#target.name)} was changed by another client`);
  }
}

/** An archive of that name which is not ours: of another operator at this moment, or of an index that was lost. */
function taken(name: string): ChangedError {
  return new ChangedError(`Secret ${name} is the archive of another operation; the same command takes the next number`);
}

function isArchiveOf(secret: Secret, id: string): boolean {
  const found = decodeArchive(secret);
  return found.state === 'valid' && found.archive.id === id;
}

function recordIn(secret: Secret): string | undefined {
  const data = secret.data?.['record'];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}
