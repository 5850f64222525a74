import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** Pods of the revision that runs now could not be created again: then there is no way back from the rollout. */
export const baselineNotCreatable: Check = {
  id: 'baseline-not-creatable',
  title: 'Pods of the present revision could not be created again',
  meaning:
    'The running Pods need a ServiceAccount, a PriorityClass, a Secret or a ConfigMap that is gone since they were started. They run on, but a Pod that is deleted cannot be replaced by one of the same revision: restoring the saved Pod template would not bring it back.',
  remedy: 'Create what is missing again, or roll out only when the new revision does without it and you do not need the old one.',
  source: '#74365; plugin/pkg/admission/serviceaccount, plugin/pkg/admission/priority',
  override: 'allow',
  needs: [],
  run(_, { set, rollsOut }) {
    return (rollsOut?.lost ?? []).map((object) => {
      const [kind = '', name = ''] = object.split('/');
      return {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the Pods of StatefulSet ${set.metadata.name} need ${kind} ${name}, which does not exist: none of them could be created again`,
        evidence: [seen(object, 'metadata.name', undefined)],
        remedies: [kubectl('get', [kind, name], 'not found; create it first')],
      };
    });
  },
};
