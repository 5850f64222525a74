import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';
import { isAdmission, uncreatedPods } from './uncreated.ts';

/** Signature 27: admission says no, or cannot be asked. */
export const podRejected: Diagnosis = {
  id: 'pod-rejected',
  title: 'Admission rejects a Pod',
  meaning:
    'An admission webhook, a ValidatingAdmissionPolicy or Pod Security rejects the Pod that the template describes, or a webhook that must be asked does not answer. The controller tries again at longer and longer intervals, and creates the Pod as soon as it is admitted.',
  remedy: 'Correct the Pod template, or ask the owner of the policy. Where a webhook does not answer, repair it or its configuration.',
  source: 'kubernetes.io: Admission Control',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) =>
    uncreatedPods(set, snapshot)
      .filter(({ why }) => isAdmission(why))
      .map(({ name, why }) => ({
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `Pod ${name} is rejected by admission: ${brief(why, 300)}`,
        evidence: [seen(`statefulset/${set.metadata.name}`, 'event[FailedCreate]', brief(why, 300))],
        remedies: [
          kubectl('get', ['validatingadmissionpolicybindings,validatingwebhookconfigurations'], 'which policies and webhooks there are'),
          kubectl('edit', ['statefulset', set.metadata.name], 'correct the Pod template'),
        ],
        pods: [name],
      })),
  ),
};
