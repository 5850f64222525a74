import type { Node, Pod } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { ordinalIn } from '../domain/naming.ts';
import { type AntiAffinityTerm, HOSTNAME, oneANode, whyNotOn } from '../domain/scheduling.ts';
import { selects } from '../domain/selector.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Check, Draft, Intent } from './check.ts';
import { count, known, kubectl, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * Required anti-affinity wants a node for each member, and there are fewer free ones than members that need one: the
 * rest stays Pending. Where members run already, cordons and taints do not matter.
 */
export const antiAffinityUnsatisfiable: Check = {
  id: 'anti-affinity-unsatisfiable',
  title: 'There are not enough nodes for one member each',
  meaning:
    'Required anti-affinity on kubernetes.io/hostname allows one member a node, and fewer nodes are free than members need one; cordons, taints, selectors and Pods that match the same term are counted. The rest stays Pending. Where a cluster autoscaler runs, new nodes may come.',
  remedy: 'Add nodes, uncordon some, or scale to what fits.',
  source: 'kubernetes.io: inter-pod affinity and anti-affinity',
  override: 'allow',
  needs: ['pods'],
  further: {
    slices: ['clusterNodes', 'podMetadata', 'namespacePods'],
    wanted(snapshot, intent) {
      const term = termOf(snapshot, intent);
      if (term === undefined || unplaced(snapshot, intent) === 0) return [];
      return ['clusterNodes', 'podMetadata', ...(isShared(term, snapshot, intent) ? (['namespacePods'] as const) : [])];
    },
  },
  run(snapshot, intent) {
    const term = termOf(snapshot, intent);
    return term === undefined ? [] : judge(term, snapshot, intent);
  },
};

function termOf({ target }: Snapshot, { set }: Intent): AntiAffinityTerm | undefined {
  const { template } = set.spec;
  return oneANode(template.spec, template.metadata?.labels, target.namespace)[0];
}

/** Members that there will be and that have no node yet. */
function unplaced(snapshot: Snapshot, { set, arriving, staying }: Intent): number {
  const named = podsNamedAfter(set.metadata.name, known(snapshot, 'pods') ?? []);
  return [...arriving, ...staying].filter((ordinal) => named.get(ordinal)?.spec.nodeName === undefined).length;
}

/** Other Pods keep members from a node, too. */
function isShared({ labelSelector }: AntiAffinityTerm, snapshot: Snapshot, { set }: Intent): boolean {
  return (known(snapshot, 'podMetadata') ?? []).some(
    ({ metadata }) => ordinalIn(set.metadata.name, metadata.name) === undefined && selects(labelSelector, metadata.labels),
  );
}

interface Place {
  readonly node: Node;
  /** Undefined: free. */
  readonly taken: { readonly field: string; readonly value: string } | undefined;
}

function judge(term: AntiAffinityTerm, snapshot: Snapshot, intent: Intent): readonly Draft[] {
  // Those of the set tell who is still without a node, the others which ones they take.
  const pods = known(snapshot, 'pods') && known(snapshot, isShared(term, snapshot, intent) ? 'namespacePods' : 'pods');
  const nodes = known(snapshot, 'podMetadata') && known(snapshot, 'clusterNodes');
  // On a node without that label the term cannot be violated.
  if (pods === undefined || nodes === undefined || nodes.some(({ metadata }) => metadata.labels?.[HOSTNAME] === undefined)) return [];
  const needed = unplaced(snapshot, intent);
  const places = nodes.map((node) => ({ node, taken: takenBy(node, term, pods) ?? whyNotOn(node, intent.set.spec.template.spec) }));
  const free = places.filter(({ taken }) => taken === undefined).length;
  return needed > free ? [draftOf(intent, needed, free, places)] : [];
}

function takenBy({ metadata }: Node, term: AntiAffinityTerm, pods: readonly Pod[]): Place['taken'] {
  const pod = pods.find(
    ({ metadata: own, spec, status }) =>
      spec.nodeName === metadata.name &&
      selects(term.labelSelector, own.labels) &&
      status.phase !== 'Failed' &&
      status.phase !== 'Succeeded',
  );
  return pod === undefined ? undefined : { field: 'runs', value: `pod/${pod.metadata.name}` };
}

/** So many nodes are listed; beyond that the number says enough. */
const LISTED = 10;

function draftOf({ set, scales, staying, arriving }: Intent, needed: number, free: number, places: readonly Place[]): Draft {
  const field = 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[].topologyKey';
  const taken = places.filter((place) => place.taken !== undefined);
  const cordoned = taken.find((place) => place.taken?.field === 'spec.unschedulable')?.node.metadata.name;
  const fits = staying.length + arriving.length - needed + free;
  return {
    grade: 'proven',
    subject: subjectOf('statefulset', set),
    message: `${count(needed, 'member')} of ${set.metadata.name} ${needed === 1 ? 'needs a node of its' : 'need a node of their'} own, and ${free} of ${count(places.length, 'node')} ${free === 1 ? 'is' : 'are'} free for them`,
    evidence: [
      seen(`statefulset/${set.metadata.name}`, field, HOSTNAME),
      ...taken.slice(0, LISTED).map((place) => seen(`node/${place.node.metadata.name}`, place.taken?.field ?? '', place.taken?.value)),
    ],
    remedies: [
      ...(cordoned === undefined ? [] : [kubectl('uncordon', [cordoned], 'if its maintenance is over')]),
      ...(scales === true && fits > staying.length
        ? [operationToRun('scale', set.metadata.name, { replicas: fits }, 'scale to what fits')]
        : []),
    ],
  };
}
