import { kubectl, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { containersIn } from './template.ts';

/** Practice: what asks for nothing is evicted first. */
export const resourcesMissing: Diagnosis = {
  id: 'resources-missing',
  title: 'A container requests no CPU or no memory',
  meaning:
    'Without requests the scheduler puts the Pod on a node that may be full, and the kubelet evicts it first when the node runs short of memory.',
  remedy: 'Set requests for CPU and memory, and a limit for memory.',
  source: 'kubernetes.io: Resource Management for Pods and Containers; Node-pressure Eviction',
  override: 'never',
  severity: 'notes',
  group: 'practice',
  needs: ['set'],
  run: ofSet((set) => {
    const without = containersIn(set).filter(({ resources }) => {
      const asked = { ...resources?.limits, ...resources?.requests };
      return asked['cpu'] === undefined || asked['memory'] === undefined;
    });
    if (without.length === 0) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${names(without.map((one) => one.name))} of ${name} ${without.length === 1 ? 'does' : 'do'} not request both CPU and memory`,
        evidence: without.map((one) =>
          seen(
            `statefulset/${name}`,
            `spec.template.spec.containers[${one.name}].resources.requests`,
            JSON.stringify(one.resources?.requests),
          ),
        ),
        remedies: [kubectl('edit', ['statefulset', name], 'set resources.requests; this starts a rollout')],
      },
    ];
  }),
};
