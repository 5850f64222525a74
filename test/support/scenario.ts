import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { withPodSlices } from '../../src/cluster/slices/table.ts';
import { absent, type Reading, read } from '../../src/domain/reading.ts';
import type { SliceName, Snapshot, Target } from '../../src/domain/snapshot.ts';
import type { FoundRecord } from '../../src/domain/stored.ts';

/** A folder of YAML objects is a look at a cluster; `expect.yaml` says what is to be said about it. */
export interface Scenario {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly record: FoundRecord | undefined;
  readonly expected: Expected;
}

export interface Expected {
  readonly target: Target;
  /** The API server's time of the look. */
  readonly now: string;
  /** One sentence: what the folder is about. */
  readonly about: string;
  /** Number of the failure signature in docs, if it is one. */
  readonly signature?: number;
  readonly health: string;
  /** Regular expression for the reason. */
  readonly reason: string;
  /** Ids of what `doctor` finds, practices apart, in its order. */
  readonly findings: readonly string[];
  /** Ids of what it resembles and must not be taken for. */
  readonly looksLike?: readonly string[];
  /** Text that must be in what it says. */
  readonly says?: string;
  /** Text that must be in the tree. */
  readonly tree?: string;
  readonly record?: FoundRecord;
}

export const SCENARIOS = join(import.meta.dirname, '..', 'scenarios');

/** Which list an object belongs to. `StoredState` stands for our Secrets, decoded. */
const LISTS: Readonly<Record<string, SliceName>> = {
  StatefulSet: 'sets',
  Pod: 'pods',
  PersistentVolumeClaim: 'claims',
  PersistentVolume: 'volumes',
  Service: 'services',
  EndpointSlice: 'endpointSlices',
  Node: 'nodes',
  PodDisruptionBudget: 'pdbs',
  HorizontalPodAutoscaler: 'hpas',
  ScaledObject: 'scaledObjects',
  ControllerRevision: 'revisions',
  Event: 'events',
  ResourceQuota: 'quotas',
  StorageClass: 'storageClasses',
  VolumeAttachment: 'attachments',
};

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  /** Of an Event. */
  readonly involvedObject?: { readonly kind: string };
}

export function scenarioNames(): readonly string[] {
  return readdirSync(SCENARIOS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Every list was read, empty where the folder holds none; the set is absent when the folder does not hold it. */
export function loadScenario(name: string): Scenario {
  const folder = join(SCENARIOS, name);
  const expected = parse(readFileSync(join(folder, 'expect.yaml'), 'utf8')) as Expected;
  const objects = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'expect.yaml')
    .flatMap((file) => documentsIn(join(folder, file)));
  const now = Date.parse(expected.now);
  const about = (kinds: readonly string[]) =>
    objects.filter(({ kind, involvedObject }) => kind === 'Event' && kinds.includes(involvedObject?.kind ?? ''));
  const events = {
    events: read<unknown>(about(['StatefulSet']), now),
    podEvents: read<unknown>(about(['Pod']), now),
    claimEvents: read<unknown>(about(['PersistentVolumeClaim']), now),
  };
  const lists = Object.entries(LISTS).map(([kind, slice]) => [
    slice,
    read<unknown>(
      objects.filter((object) => object.kind === kind),
      now,
    ),
  ]);
  const snapshot = {
    now,
    cluster: { context: 'scenario', server: 'https://cluster.example:6443', identity: 'uid-kube-system', flags: [] },
    target: expected.target,
    slices: withPodSlices({
      ...Object.fromEntries(lists),
      ...events,
      set: setIn(objects, expected.target.name, now),
      stored: storedIn(objects, now),
      ...namespaceIn(objects, now),
    }),
  };
  return { name, snapshot, record: expected.record, expected };
}

function documentsIn(file: string): readonly Document[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    const object = document.toJS() as Document;
    if (LISTS[object.kind] === undefined && !['StoredState', 'Namespace'].includes(object.kind))
      throw new Error(`${file}: no list for kind ${object.kind}`);
    return object;
  });
}

function setIn(objects: readonly Document[], name: string, now: number): Reading<unknown> {
  const set = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name);
  return set === undefined ? absent('not-found', now) : read<unknown>(set, now);
}

function namespaceIn(objects: readonly Document[], now: number): { readonly namespace?: Reading<unknown> } {
  const namespace = objects.find(({ kind }) => kind === 'Namespace');
  return namespace === undefined ? {} : { namespace: read<unknown>(namespace, now) };
}

function storedIn(objects: readonly Document[], now: number): Reading<unknown> {
  return read<unknown>(objects.find(({ kind }) => kind === 'StoredState') ?? { entries: [] }, now);
}
