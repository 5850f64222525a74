import { FIELD_MANAGER } from '../domain/verbs.ts';
import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';
import { fieldsOf } from './managed-fields.ts';

/**
 * Somebody applies spec.replicas on the server's side (kubectl apply --server-side, Helm 4, Flux): our patch makes the field
 * ours, and their next apply of another number is a conflict (field management of server-side apply).
 */
export const replicasApplied: Check = {
  id: 'replicas-applied',
  title: 'Someone applies the number of members',
  meaning:
    'The number of replicas is in a manifest that is applied on the server’s side (kubectl apply --server-side, Helm 4, Flux). Scaling makes kubectl-sts-safe the owner of that field: a later apply of another number is refused by the server as a conflict, and one of the same number shares the field. So it is while a deletion is open; cancel and restore give the field back.',
  remedy: 'Change the number in the manifest too; or leave it out there.',
  source: 'metadata.managedFields (server-side apply)',
  override: 'allow',
  needs: ['set'],
  run(_snapshot, { set }) {
    const { name, managedFields = [] } = set.metadata;
    return managedFields
      .filter((entry) => entry.operation === 'Apply' && entry.manager !== FIELD_MANAGER && fieldsOf(entry).includes('spec.replicas'))
      .map(({ manager = 'an unnamed program' }) => ({
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${manager} applies spec.replicas of ${name}; it becomes ${FIELD_MANAGER}'s, and an apply of another number will conflict`,
        evidence: [seen(`statefulset/${name}`, `metadata.managedFields[${manager}].fieldsV1`, 'spec.replicas')],
        remedies: [kubectl('get', ['statefulset', name, '-o', 'yaml', '--show-managed-fields'], 'who owns which field')],
      }));
  },
};
