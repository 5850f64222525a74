import { countContainers } from '../../domain/containers.ts';
import { nodeOf } from '../../domain/explain.ts';
import { type Unhealthy, whyBroken, whyUnhealthy } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { evictionAt, isNodeLost } from '../../domain/lost-node.ts';
import { isPodReady } from '../../domain/members.ts';
import { conditionOf, troubleOf } from '../../domain/readiness.ts';
import { revisionOf } from '../../domain/revisions.ts';
import type { Snapshot } from '../../domain/snapshot.ts';

export interface PodFacts {
  readonly uid: string;
  readonly phase: string;
  readonly ready: boolean;
  /** What the controller would call it; `well` when it counts as available. */
  readonly health: 'well' | Exclude<Unhealthy, 'missing'>;
  /** It is unlikely to become Ready by itself. */
  readonly broken: boolean;
  /** Sidecars included, as kubectl counts. */
  readonly containers: number;
  readonly readyContainers: number;
  readonly restarts: number;
  readonly revision: string;
  /** `update`: the revision that is rolled out; `old`: any other. */
  readonly revisionIs: 'update' | 'old';
  /** CrashLoopBackOff, Unschedulable, … */
  readonly trouble?: string;
  readonly node?: string;
  readonly nodeLost?: boolean;
  /** When the taint manager takes it from its lost node, RFC 3339, or `never`. */
  readonly evictionAt?: string;
  readonly created?: string;
  readonly readySince?: string;
  /** End of its grace period. */
  readonly deletionDeadline?: string;
  readonly finalizers: readonly string[];
}

/** @param set without one, minReadySeconds and revisions cannot be judged */
export function podFacts(set: StatefulSet | undefined, pod: Pod, snapshot: Snapshot): PodFacts {
  const { total, ready, restarts } = countContainers(pod);
  const revision = revisionOf(pod) ?? '';
  return {
    uid: pod.metadata.uid,
    phase: pod.status.phase ?? 'Unknown',
    ready: isPodReady(pod),
    health: healthOf(set, pod, snapshot.now),
    broken: whyBroken(pod, snapshot.now) !== undefined,
    containers: total,
    readyContainers: ready,
    restarts,
    revision,
    revisionIs: set === undefined || revision === set.status.updateRevision ? 'update' : 'old',
    finalizers: pod.metadata.finalizers ?? [],
    ...optionalFacts(pod, snapshot),
  };
}

function healthOf(set: StatefulSet | undefined, pod: Pod, now: number): PodFacts['health'] {
  const why = whyUnhealthy(pod, set?.spec.minReadySeconds ?? 0, now);
  return why === undefined || why === 'missing' ? 'well' : why;
}

type Optional = Partial<Pick<PodFacts, 'trouble' | 'node' | 'nodeLost' | 'evictionAt' | 'created' | 'readySince' | 'deletionDeadline'>>;

/** Facts that are there only when they tell something; JSON has no `undefined`. */
function optionalFacts(pod: Pod, snapshot: Snapshot): Optional {
  const node = nodeOf(pod, snapshot);
  const eviction = isNodeLost(node) ? evictionAt(pod, node) : undefined;
  const facts: { readonly [K in keyof Optional]: Optional[K] | undefined } = {
    trouble: troubleOf(pod)?.reason,
    node: pod.spec.nodeName,
    nodeLost: isNodeLost(node) ? true : undefined,
    evictionAt: typeof eviction === 'number' ? new Date(eviction).toISOString() : eviction,
    created: pod.metadata.creationTimestamp,
    readySince: conditionOf(pod, 'Ready')?.lastTransitionTime,
    deletionDeadline: pod.metadata.deletionTimestamp,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
