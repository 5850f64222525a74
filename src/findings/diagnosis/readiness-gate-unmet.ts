import { countContainers } from '../../domain/containers.ts';
import { conditionOf } from '../../domain/readiness.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady } from './pods.ts';

/** The containers are ready, and a condition that another controller is to set is not. */
export const readinessGateUnmet: Diagnosis = {
  id: 'readiness-gate-unmet',
  title: 'A readiness gate is not met',
  meaning:
    'All containers are ready, and the Pod is not: a readiness gate names a condition that another controller must set to True, and it is not. That is usually a load balancer controller or an operator, which is not running, or says in the condition what it waits for.',
  remedy: 'See whether the controller that owns the condition is running, and what it says in the condition.',
  source: 'KEP-580; kubernetes.io: Pod readiness',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const { name } = pod.metadata;
      const { total, ready } = countContainers(pod);
      const unmet = (pod.spec.readinessGates ?? [])
        .map(({ conditionType }) => conditionType)
        .filter((type) => conditionOf(pod, type)?.status !== 'True');
      if (ready < total || unmet.length === 0) return [];
      return [
        {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `all containers of Pod ${name} are ready, and the Pod is not: ${unmet.map((type) => gateInWords(type, conditionOf(pod, type))).join(', ')}`,
          evidence: unmet.map((type) => seen(`pod/${name}`, `status.conditions[${type}]`, conditionOf(pod, type)?.status)),
          remedies: [kubectl('describe', ['pod', name], 'what the condition says')],
          pods: [name],
        },
      ];
    }),
  ),
};

function gateInWords(type: string, condition: ReturnType<typeof conditionOf>): string {
  if (condition === undefined) return `readiness gate ${type} has not been set`;
  const said = brief([condition.reason, condition.message].filter((words) => words !== undefined && words !== '').join(': '));
  return `readiness gate ${type} is ${condition.status}${said === '' ? '' : ` (${said})`}`;
}
