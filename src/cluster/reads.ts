import { ApiError } from '../domain/errors.ts';
import type { KubeObject, Namespace, Node, Pod, StatefulSet } from '../domain/kube.ts';
import { absent, type Reading, read } from '../domain/reading.ts';
import { nodeOf, type SliceName, type Slices, type Snapshot, type Target } from '../domain/snapshot.ts';
import type { SavedSet, StoredState } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import type { Connection, Scope } from './api.ts';
import { compose, type StoredVerbs } from './composed.ts';
import { connectionFailure } from './connect-errors.ts';
import { Discovery } from './discovery.ts';
import { listAll } from './list.ts';
import { isShared, Look } from './look.ts';
import { askKubelet, askPods } from './node-answers.ts';
import { readNodeSets, readReplacements } from './node-sets.ts';
import { type Question, readingOfError } from './outcome.ts';
import { nodesOf } from './pod-nodes.ts';
import { lighten } from './slices/metadata.ts';
import { listPath, objectPath } from './slices/resource.ts';
import {
  type ComposedSlice,
  isComposed,
  type ListSliceName,
  listSlice,
  NAMESPACES,
  namespaceOf,
  SECRETS,
  SET_RESOURCE,
} from './slices/table.ts';
import { getOrUndefined } from './writes.ts';

/** Reads what we stored about a set; record/ knows how (its codec), this room only how to ask. Rejects with ApiError. */
export type StoredReader = (verbs: Pick<ApiVerbs, 'get'>, target: Target) => Promise<StoredState>;

/** The same of all sets of a namespace, or of all namespaces. */
export type SavedReader = (verbs: StoredVerbs, namespace: string | undefined) => Promise<readonly SavedSet[]>;

export interface StoredReaders {
  readonly one: StoredReader;
  readonly all: SavedReader;
}

/** Single reads as evidence. Only a connection that fails as a whole rejects (CannotError). */
export class SliceReads {
  readonly #connection: Connection;
  readonly #stores: StoredReaders;
  readonly #discovery: Discovery;

  constructor(connection: Connection, stores: StoredReaders) {
    this.#connection = connection;
    this.#stores = stores;
    this.#discovery = new Discovery(connection.transport);
  }

  /** One look at one set: all of these at once, and what comes with them. */
  async look(needs: readonly SliceName[], target: Target): Promise<Snapshot['slices']> {
    const look = new Look(this.#connection.transport, target, needs, this.attempt);
    const readings = needs.map(async (slice) => [slice, await this.#any(slice, target, look)] as const);
    const known = Object.fromEntries(await Promise.all(readings)) as Snapshot['slices'];
    return { ...look.besides, ...known };
  }

  /** One slice of one set. */
  async slice<K extends SliceName>(slice: K, target: Target): Promise<Reading<Slices[K]>> {
    const look = new Look(this.#connection.transport, target, [slice], this.attempt);
    return (await this.#any(slice, target, look)) as Reading<Slices[K]>;
  }

  /** The nodes that these Pods run on. */
  nodes(pods: Promise<Reading<readonly Pod[]>>): Promise<Reading<readonly Node[]>> {
    return nodesOf(() => pods, this.#connection.transport, this.attempt);
  }

  /**
   * A list slice for a namespace, or for all; what belongs to another namespace is left out.
   * @param target only what is about its set or node, where the slice can tell
   */
  list(name: ListSliceName, namespace: string | undefined, target: Partial<Target> = {}): Promise<Reading<readonly KubeObject[]>> {
    const { resource, decode, keeps, metadataOnly, belongsTo, addOn, about } = listSlice(name);
    const scope = resource.namespaced ? namespace : undefined;
    const reading = this.attempt({ verb: 'list', resource, namespace: scope }, async () => {
      const { items } = await listAll(this.#connection.transport, {
        path: listPath(resource, scope),
        fieldSelector: about?.(target),
        decode: (raw) => (keeps === undefined || keeps(raw) ? decode(raw) : undefined),
        metadataOnly,
      });
      if (belongsTo === undefined || namespace === undefined) return items;
      return items.filter((object) => [namespace, undefined].includes(belongsTo(object)));
    });
    // Where it is not there that is known one round trip earlier.
    if (addOn === true) this.#discovery.prepare(resource);
    return reading;
  }

  /** Sets as served, each as a GET would give it. */
  sets({ namespace, labelSelector }: Scope): Promise<Reading<readonly StatefulSet[]>> {
    return this.attempt({ verb: 'list', resource: SET_RESOURCE, namespace }, async () => {
      const { items } = await listAll(this.#connection.transport, {
        path: listPath(SET_RESOURCE, namespace),
        labelSelector,
        // Items of a list come without these two.
        decode: (raw) => ({ apiVersion: 'apps/v1', kind: 'StatefulSet', ...raw }) as StatefulSet,
      });
      return items;
    });
  }

  /** The namespace of a scope, or all of them in one list, each by its name. */
  async namespaces(namespace: string | undefined): Promise<(name: string) => Reading<Namespace>> {
    if (namespace !== undefined) {
      const reading = await this.#namespace(namespace);
      return () => reading;
    }
    const all = await this.attempt({ verb: 'list', resource: NAMESPACES, namespace: undefined }, async () => {
      const { items } = await listAll(this.#connection.transport, { path: listPath(NAMESPACES), decode: (raw: Namespace) => lighten(raw) });
      return new Map(items.map((item) => [item.metadata.name, item]));
    });
    if (all.state !== 'read') return () => all;
    return (name) => {
      const found = all.value.get(name);
      return found === undefined ? absent('not-found', all.at) : read(found, all.at);
    };
  }

  #any(slice: SliceName, target: Target, look: Look): Promise<Reading<unknown>> {
    if (isShared(slice)) return look.slice(slice);
    if (isOfNode(slice)) return this.#ofNode(slice, target, look);
    if (slice === 'set') return this.#set(target);
    if (slice === 'namespace') return this.#namespace(target.namespace);
    if (slice === 'stored') return this.#stored(target);
    if (isComposed(slice)) return this.composed(slice, namespaceOf(slice, target));
    return this.list(slice, namespaceOf(slice, target), target);
  }

  #ofNode(slice: NodeSlice, target: Target, look: Look): Promise<Reading<unknown>> {
    const { question, ask } = OF_NODE[slice];
    return this.attempt(question(target), () => ask(this.#connection, target, look));
  }

  /** What is made of several resources, for a namespace or for all. */
  composed(slice: ComposedSlice, namespace: string | undefined): Promise<Reading<unknown>> {
    return compose(slice, namespace, { transport: this.#connection.transport, attempt: this.attempt, readSaved: this.#stores.all });
  }

  #set({ namespace, name }: Target): Promise<Reading<StatefulSet>> {
    const path = objectPath(SET_RESOURCE, namespace, name);
    return this.attempt({ verb: 'get', resource: SET_RESOURCE, namespace, name }, async () => {
      return (await this.#connection.transport.request<StatefulSet>({ method: 'GET', path })).body;
    });
  }

  #namespace(name: string): Promise<Reading<Namespace>> {
    const path = `${listPath(NAMESPACES)}/${encodeURIComponent(name)}`;
    return this.attempt({ verb: 'get', resource: NAMESPACES, namespace: undefined, name }, async () => {
      return lighten((await this.#connection.transport.request<Namespace>({ method: 'GET', path })).body);
    });
  }

  #stored(target: Target): Promise<Reading<StoredState>> {
    const question: Question = { verb: 'get', resource: SECRETS, namespace: target.namespace };
    const get = (path: string): Promise<Record<string, unknown> | undefined> => getOrUndefined(this.#connection.transport, path);
    return this.attempt(question, () => this.#stores.one({ get }, target));
  }

  /** What is asked, as evidence. Rejects with CannotError where the connection fails as a whole. */
  readonly attempt = async <T>(question: Question, ask: () => Promise<T>): Promise<Reading<T>> => {
    try {
      const value = await ask();
      return read(value, this.#connection.transport.serverNow());
    } catch (error) {
      const whole = connectionFailure(error, this.#connection);
      if (whole !== undefined) throw whole;
      if (!(error instanceof ApiError)) throw error;
      return readingOfError(error, question, this.#discovery, this.#connection.transport.serverNow());
    }
  };
}

const POD_RESOURCE = listSlice('pods').resource;

type NodeSlice = 'nodePods' | 'nodeSets' | 'replacements' | 'kubelet' | 'podAnswers';

interface NodeRead {
  readonly question: (target: Target) => Question;
  readonly ask: (connection: Connection, target: Target, look: Look) => Promise<unknown>;
}

/** What is read of the target's node, beside the node; its Pods are listed but once. */
const OF_NODE: Readonly<Record<NodeSlice, NodeRead>> = {
  nodePods: { question: () => about('list', POD_RESOURCE), ask: (_, _target, look) => look.podsOnNode() },
  nodeSets: { question: () => about('get', SET_RESOURCE), ask: (connection, _, look) => readNodeSets(connection, look.podsOnNode()) },
  replacements: { question: () => about('get', POD_RESOURCE), ask: readReplacements },
  kubelet: { question: (target) => probe('nodes/proxy', nodeOf(target)), ask: askKubelet },
  podAnswers: { question: () => probe('pods/proxy'), ask: (connection, _, look) => askPods(connection, look.podsOnNode()) },
};

function isOfNode(slice: SliceName): slice is NodeSlice {
  return Object.hasOwn(OF_NODE, slice);
}

function about(verb: Question['verb'], resource: Question['resource']): Question {
  return { verb, resource, namespace: undefined };
}

function probe(resource: string, name?: string): Question {
  return { ...about('get', { group: '', version: 'v1', resource, namespaced: false }), name };
}
