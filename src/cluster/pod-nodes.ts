import { ApiError } from '../domain/errors.ts';
import type { Node, Pod } from '../domain/kube.ts';
import { type Reading, read, unknown } from '../domain/reading.ts';
import type { Transport } from './api.ts';
import { listFirst } from './list.ts';
import type { Question } from './outcome.ts';
import { pooled } from './pooled.ts';
import { listPath } from './slices/resource.ts';
import { listSlice } from './slices/table.ts';

/** All nodes of a small cluster. To read more (20 KB each, with their images) takes longer than to ask again, by name. */
const FIRST = 10;
const PARALLEL = 16;

/** Makes a reading of what is asked (reads.ts). */
export type Attempt = <T>(question: Question, ask: () => Promise<T>) => Promise<Reading<T>>;

/** The nodes that these Pods run on: in the same round trip as the Pods in a small cluster, otherwise by name in one more. */
export async function nodesOf(
  pods: () => Promise<Reading<readonly Pod[]>>,
  transport: Transport,
  attempt: Attempt,
): Promise<Reading<readonly Node[]>> {
  const [first, running] = await Promise.all([firstNodes(transport), pods()]);
  // Then it is not known which nodes these are, and that is told of the Pods.
  if (running.state === 'unknown') return unknown('not-read', 'nodes was not read', running.at);
  const names = running.state === 'read' ? running.value.flatMap(({ spec }) => spec.nodeName ?? []) : [];
  const wanted = new Set(names);
  const known = first.items.filter(({ metadata }) => wanted.delete(metadata.name));
  const others = await pooled(first.whole ? [] : [...wanted], PARALLEL, (name) => nodeNamed(name, transport, attempt));
  const blind = others.find((reading) => reading.state === 'unknown');
  return blind ?? read([...known, ...others.flatMap((node) => (node.state === 'read' ? [node.value] : []))], transport.serverNow());
}

/** Nothing where they may not be listed: who may get the few does not need it, and who may not is told that. */
async function firstNodes(transport: Transport): Promise<{ readonly items: readonly Node[]; readonly whole: boolean }> {
  try {
    const { items, next } = await listFirst(transport, { path: listPath(listSlice('nodes').resource), decode }, FIRST);
    return { items, whole: next === undefined };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { items: [], whole: false };
  }
}

function nodeNamed(name: string, transport: Transport, attempt: Attempt): Promise<Reading<Node>> {
  const { resource } = listSlice('nodes');
  return attempt({ verb: 'get', resource, namespace: undefined, name }, async () => {
    return decode((await transport.request<Node>({ method: 'GET', path: `${listPath(resource)}/${encodeURIComponent(name)}` })).body);
  });
}

const decode = (raw: Parameters<ReturnType<typeof listSlice>['decode']>[0]): Node => listSlice('nodes').decode(raw) as Node;
