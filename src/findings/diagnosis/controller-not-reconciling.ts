import { CONTROLLER_PATIENCE_MS, isObserved, lastChanged } from '../../domain/controller.ts';
import { explainUnseen } from '../../domain/explain.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { kubectl, subjectOf } from '../draft.ts';
import { generationEvidence } from '../rollouts.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 32: nobody looks at the set. */
export const controllerNotReconciling: Diagnosis = {
  id: 'controller-not-reconciling',
  title: 'The StatefulSet controller does not act',
  meaning:
    'The StatefulSet was changed minutes ago, and the controller has not even noted the change. kube-controller-manager is not running, has no leader, or cannot reach the API server. No StatefulSet of the cluster is reconciled then: a Pod that ends is not replaced.',
  remedy: 'See whether kube-controller-manager is running and holds its Lease.',
  source: 'status.observedGeneration',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set'],
  run: ofSet((set, { now }) => {
    const age = now - lastChanged(set);
    if (isObserved(set) || !(age > CONTROLLER_PATIENCE_MS)) return [];
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `StatefulSet ${set.metadata.name} was changed ${roughAge(age)} ago, and ${explainUnseen(set)}`,
        evidence: generationEvidence(set),
        remedies: [
          kubectl(
            'get',
            ['lease', 'kube-controller-manager', '-n', 'kube-system', '-o', 'yaml'],
            'who leads, and when it was last renewed',
          ),
        ],
      },
    ];
  }),
};
