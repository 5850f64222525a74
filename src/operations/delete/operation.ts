import { sliceOf } from '../../domain/snapshot.ts';
import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import type { DeleteOptions } from './options.ts';
import { deleteIntent, deletePlan } from './plan.ts';
import { deleteConsent, rulesAt } from './rules.ts';

/** `delete NAME`: ordered scale-to-zero-then-delete (product, section 3). */
export const deleteOperation: Operation<DeleteOptions> = {
  name: 'delete',
  needs: {
    required: ['set', 'pods', 'claims', 'hpas', 'stored'],
    advisory: ['sets', 'services', 'scaledObjects', 'pdbs', 'volumes', 'namespace'],
  },
  consent: deleteConsent,
  intent: deleteIntent,
  rules: ({ snapshot }) => {
    const set = sliceOf(snapshot, 'set');
    return rulesAt(set.state === 'read' ? set.value : undefined);
  },
  plan: deletePlan,
  access: accessOf,
};
