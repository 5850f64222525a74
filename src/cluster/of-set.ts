import { claimsUsedBy } from '../domain/claims.ts';
import type { CoreEvent, KubeObject, Pod, StatefulSet } from '../domain/kube.ts';
import type { Reading } from '../domain/reading.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/**
 * Of the lists of a namespace what is about one set, as a look at that set alone has it: with all of it in each of a thousand looks,
 * every rule would go through everything a thousand times. Names are indexed without their ordinal and looked up by the name that
 * the set generates, so that nothing is guessed from a name.
 */
export function narrowed(slices: Snapshot['slices'], set: StatefulSet): Snapshot['slices'] {
  const { name, uid } = set.metadata;
  const pods = pick(slices.pods, byBase, [name]);
  const own = pods?.state === 'read' ? pods.value : [];
  const templates = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => `${metadata.name}-${name}`);
  const owners = [uid, ...own.map(({ metadata }) => metadata.uid)].map(ownerKey);
  const claims = pick(slices.claims, byClaim, [...templates, ...owners, ...own.flatMap(claimsUsedBy).map(nameKey)]);
  const events = {
    events: pick(slices.events, byInvolved, [nameKey(name)]),
    podEvents: pick(slices.podEvents, byInvolved, [name]),
    claimEvents: pick(slices.claimEvents, byInvolved, templates),
  };
  const all = Object.entries({ pods, claims, ...events }).filter(([, reading]) => reading !== undefined);
  return { ...slices, ...(Object.fromEntries(all) as Snapshot['slices']) };
}

type Keys<T> = (object: T) => readonly string[];

const nameKey = (name: string): string => `name:${name}`;
const ownerKey = (uid: string): string => `owner:${uid}`;
/** `data-web-2` → `data-web`. */
const baseOf = (name = ''): string => name.replace(/-\d+$/, '');

const byBase: Keys<Pod> = ({ metadata }) => [baseOf(metadata.name)];
const byInvolved: Keys<CoreEvent> = ({ involvedObject: { name } }) => [baseOf(name), nameKey(name ?? '')];
const byClaim: Keys<KubeObject> = ({ metadata: { name, ownerReferences = [] } }) => [
  baseOf(name),
  nameKey(name),
  ...ownerReferences.map(({ uid }) => ownerKey(uid)),
];

/** One index for a list, whichever of its sets asks; the same list has always the same keys. */
const indexes = new WeakMap<readonly KubeObject[], ReadonlyMap<string, readonly KubeObject[]>>();

function pick<T extends KubeObject>(reading: Reading<readonly T[]> | undefined, keys: Keys<T>, wanted: readonly string[]) {
  if (reading?.state !== 'read') return reading;
  const index = (indexes.get(reading.value) ?? indexed(reading.value, keys)) as ReadonlyMap<string, readonly T[]>;
  const found = new Set(wanted.flatMap((key) => index.get(key) ?? []));
  return { ...reading, value: [...found] };
}

function indexed<T extends KubeObject>(list: readonly T[], keys: Keys<T>): ReadonlyMap<string, readonly KubeObject[]> {
  const index = new Map<string, T[]>();
  for (const object of list) {
    for (const key of keys(object)) {
      const there = index.get(key);
      if (there === undefined) index.set(key, [object]);
      else there.push(object);
    }
  }
  indexes.set(list, index);
  return index;
}
