import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';
import { leavingPods } from './members.ts';

/**
 * A member that leaves has finalizers: after its containers stop it stays Terminating until their owners take them off,
 * and an ordered set waits for that.
 */
export const podFinalizer: Check = {
  id: 'pod-finalizer',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return leavingPods(snapshot, intent)
      .filter((pod) => (pod.metadata.finalizers ?? []).length > 0)
      .map((pod) => {
        const { name } = pod.metadata;
        const finalizers = (pod.metadata.finalizers ?? []).join(', ');
        return {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `${name} will stay Terminating until the owner of ${finalizers} lets it go`,
          evidence: [seen(`pod/${name}`, 'metadata.finalizers', finalizers)],
          remedies: [
            kubectl(
              'get',
              ['pod', name, '-o', 'yaml', '--show-managed-fields'],
              'who put the finalizer there, and whether that still runs',
            ),
          ],
        };
      });
  },
};
