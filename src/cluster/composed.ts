import type { KinSet, KubeObject, Workload } from '../domain/kube.ts';
import { type Reading, read, unknown } from '../domain/reading.ts';
import type { SavedSet } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import type { Transport } from './api.ts';
import { type GroupList, kinOf, kinResources } from './kin.ts';
import { listAll } from './list.ts';
import type { Question } from './outcome.ts';
import type { Attempt } from './pod-nodes.ts';
import { listPath, type Resource } from './slices/resource.ts';
import { type ComposedSlice, SECRETS } from './slices/table.ts';
import { WORKLOADS, workloadOf } from './workloads.ts';
import { getOrUndefined } from './writes.ts';

/** How our own Secrets are looked at: by name, or all of a kind by label. Rejects with ApiError. */
export interface StoredVerbs extends Pick<ApiVerbs, 'get'> {
  list(path: string, labelSelector: string): Promise<readonly KubeObject[]>;
}

export interface Composing {
  readonly transport: Transport;
  readonly attempt: Attempt;
  readonly readSaved: (verbs: StoredVerbs, namespace: string | undefined) => Promise<readonly SavedSet[]>;
}

/** A slice that is made of several resources, of a namespace or of all of them. */
export function compose(slice: ComposedSlice, namespace: string | undefined, composing: Composing): Promise<Reading<unknown>> {
  switch (slice) {
    case 'workloads':
      return workloads(namespace, composing);
    case 'kin':
      return kin(namespace, composing);
    case 'savedSets':
      return savedSets(namespace, composing);
  }
}

async function workloads(namespace: string | undefined, composing: Composing): Promise<Reading<readonly Workload[]>> {
  return whole(
    await Promise.all(WORKLOADS.map(({ kind, resource }) => each(resource, namespace, (raw) => workloadOf(kind, raw), composing))),
  );
}

const GROUPS: Question = {
  verb: 'list',
  resource: { group: '', version: '', resource: 'API groups', namespaced: false },
  namespace: undefined,
};

async function kin(namespace: string | undefined, composing: Composing): Promise<Reading<readonly KinSet[]>> {
  const { transport, attempt } = composing;
  const groups = await attempt(GROUPS, async () =>
    kinResources((await transport.request<GroupList>({ method: 'GET', path: '/apis', aggregated: true })).body),
  );
  if (groups.state !== 'read') return groups;
  const { resources, unread } = groups.value;
  if (unread !== undefined)
    return unknown('server-error', `custom resources that look like StatefulSets cannot be ruled out: ${unread}`, groups.at);
  const readings = resources.map((resource) => each(resource, namespace, (raw) => kinOf(resource, raw), composing));
  return whole([read([], groups.at), ...(await Promise.all(readings))]);
}

function savedSets(namespace: string | undefined, { transport, attempt, readSaved }: Composing): Promise<Reading<readonly SavedSet[]>> {
  const get = (path: string): Promise<Record<string, unknown> | undefined> => getOrUndefined(transport, path);
  const list = async (path: string, labelSelector: string): Promise<readonly KubeObject[]> =>
    (await listAll(transport, { path, labelSelector, decode: (raw) => raw })).items;
  return attempt({ verb: 'list', resource: SECRETS, namespace }, () => readSaved({ get, list }, namespace));
}

function each<T>(
  resource: Resource,
  namespace: string | undefined,
  decode: (raw: KubeObject) => T | undefined,
  { transport, attempt }: Composing,
): Promise<Reading<readonly T[]>> {
  return attempt({ verb: 'list', resource, namespace }, async () => {
    return (await listAll(transport, { path: listPath(resource, namespace), decode })).items;
  });
}

/** Several lists as one: what is not served has none, and where one is unknown all of it is. */
function whole<T>(readings: readonly Reading<readonly T[]>[]): Reading<readonly T[]> {
  const blind = readings.find(({ state }) => state === 'unknown');
  if (blind !== undefined) return blind;
  return read(
    readings.flatMap((reading) => (reading.state === 'read' ? reading.value : [])),
    readings[0]?.at ?? 0,
  );
}
