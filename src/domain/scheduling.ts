import type { LabelSelector, Node, PodSpec } from './kube.ts';
import { holds, selects } from './selector.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };
type Taint = { readonly key: string; readonly value?: string; readonly effect: string };

export interface AntiAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** The parts of a template that bind Pods to nodes; raw JSON has them, the slim type leaves them out. */
export interface ScheduledSpec extends PodSpec {
  readonly nodeSelector?: Labels;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeTerm[] };
    };
    readonly podAntiAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AntiAffinityTerm[] };
  };
}

export const HOSTNAME = 'kubernetes.io/hostname';

/**
 * Required anti-affinity by which two Pods of this template may not share a node. Terms whose reach cannot be told from
 * the template alone (other namespaces by label, label keys filled in by the server) are left out.
 */
export function oneANode(spec: ScheduledSpec, labels: Labels | undefined, namespace: string): readonly AntiAffinityTerm[] {
  return (spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).filter(
    (term) => term.topologyKey === HOSTNAME && selects(term.labelSelector, labels) && reaches(term, namespace) && isLiteral(term),
  );
}

function reaches({ namespaces, namespaceSelector }: AntiAffinityTerm, namespace: string): boolean {
  const everywhere = namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0;
  const own = (namespaces ?? []).length === 0 && namespaceSelector === undefined;
  return own || everywhere || (namespaces ?? []).includes(namespace);
}

function isLiteral({ matchLabelKeys, mismatchLabelKeys }: AntiAffinityTerm): boolean {
  return (matchLabelKeys ?? []).length + (mismatchLabelKeys ?? []).length === 0;
}

/** Why the scheduler puts no Pod of this template on the node, as field and value; undefined when it may. */
export function whyNotOn(node: Node, spec: ScheduledSpec): { readonly field: string; readonly value: string } | undefined {
  const taint = taintsOf(node).find((candidate) => !tolerates(spec, candidate));
  if (taint !== undefined) {
    return node.spec.unschedulable === true && taint.key === CORDON
      ? { field: 'spec.unschedulable', value: 'true' }
      : { field: 'spec.taints', value: `${taint.key}${taint.value === undefined ? '' : `=${taint.value}`}:${taint.effect}` };
  }
  const labels = node.metadata.labels ?? {};
  const wrong = Object.entries(spec.nodeSelector ?? {}).find(([key, value]) => labels[key] !== value);
  if (wrong !== undefined) return { field: `metadata.labels[${wrong[0]}]`, value: labels[wrong[0]] ?? '<none>' };
  return inNodeAffinity(node, spec) ? undefined : { field: 'metadata.labels', value: 'outside the required node affinity' };
}

const CORDON = 'node.kubernetes.io/unschedulable';

/** A cordoned node counts as tainted, also before the node controller has written the taint. */
function taintsOf({ spec }: Node): readonly Taint[] {
  const cordon = spec.unschedulable === true ? [{ key: CORDON, effect: 'NoSchedule' }] : [];
  return [...cordon, ...(spec.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')];
}

function tolerates({ tolerations }: ScheduledSpec, taint: Taint): boolean {
  return (tolerations ?? []).some(
    ({ key, operator, value, effect }) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (key === undefined || key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  );
}

/** Terms are alternatives; one without any requirement matches nothing. */
function inNodeAffinity(node: Node, spec: ScheduledSpec): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return (required.nodeSelectorTerms ?? []).some(({ matchExpressions = [], matchFields = [] }) => {
    const byLabel = matchExpressions.every((requirement) => nodeHolds(requirement, node.metadata.labels ?? {}));
    const byField = matchFields.every((requirement) => nodeHolds(requirement, { 'metadata.name': node.metadata.name }));
    return matchExpressions.length + matchFields.length > 0 && byLabel && byField;
  });
}

/** Node requirements know Gt and Lt on whole numbers besides. */
function nodeHolds(requirement: Requirement, labels: Labels): boolean {
  const { operator, values } = requirement;
  if (operator !== 'Gt' && operator !== 'Lt') return holds(requirement, labels);
  const [have, bound] = [Number.parseInt(labels[requirement.key] ?? '', 10), Number.parseInt(values?.[0] ?? '', 10)];
  return operator === 'Gt' ? have > bound : have < bound;
}
