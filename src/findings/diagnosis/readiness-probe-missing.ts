import { kubectl, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { containersIn } from './template.ts';

/** Practice: without a readiness probe "Ready" means that a process runs. */
export const readinessProbeMissing: Diagnosis = {
  id: 'readiness-probe-missing',
  title: 'No container has a readiness probe',
  meaning:
    'Without a readiness probe a Pod is Ready as soon as its containers run. The controller continues with the next Pod although this one does not serve yet, in a rollout too, and Services send requests to it.',
  remedy: 'Add a readiness probe that succeeds once the application serves.',
  source: 'kubernetes.io: Configure Liveness, Readiness and Startup Probes',
  override: 'never',
  severity: 'notes',
  group: 'practice',
  needs: ['set'],
  run: ofSet((set) => {
    const containers = containersIn(set);
    if (containers.length === 0 || containers.some(({ readinessProbe }) => readinessProbe !== undefined)) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `no container of ${name} has a readiness probe (${names(containers.map((one) => one.name))}): a Pod counts as Ready as soon as it runs`,
        evidence: containers.map((one) =>
          seen(`statefulset/${name}`, `spec.template.spec.containers[${one.name}].readinessProbe`, undefined),
        ),
        remedies: [kubectl('edit', ['statefulset', name], 'add one; this starts a rollout')],
      },
    ];
  }),
};
