import type { Draft } from '../check.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';
import { isAdmission, quotaRefusal, uncreatedPods } from './uncreated.ts';

/** Signatures 19, 24 and what else the API server answers: the creation of a Pod fails again and again. */
export const podNotCreated: Diagnosis = {
  id: 'pod-not-created',
  title: 'The controller cannot create a Pod',
  meaning:
    'The controller tries to create the Pod, and the API server refuses: the ServiceAccount or the PriorityClass does not exist, the name is too long (a Pod of the StatefulSet has at most 63 characters in its name), or a PVC that it needs is being deleted. It tries again at longer and longer intervals.',
  remedy:
    'Create what is missing, or correct the Pod template. A StatefulSet whose name is too long must be created again under a shorter one.',
  source: 'pkg/controller/statefulset/stateful_pod_control.go (FailedCreate); #64023',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) =>
    uncreatedPods(set, snapshot)
      .filter(({ why }) => quotaRefusal(why) === undefined && !isAdmission(why))
      .map(({ name, why }) => ({
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `Pod ${name} cannot be created: ${brief(why, 300)}`,
        evidence: [seen(`statefulset/${set.metadata.name}`, 'event[FailedCreate]', brief(why, 300))],
        remedies: [...creates(why), kubectl('describe', ['statefulset', set.metadata.name], 'the events of the controller')],
        pods: [name],
      })),
  ),
};

/** What is missing, where its name says what it is. */
function creates(why: string): Draft['remedies'] {
  const account = /serviceaccount "([^"]+)" not found/.exec(why)?.[1];
  return account === undefined ? [] : [kubectl('create', ['serviceaccount', account], 'create the ServiceAccount that the template names')];
}
