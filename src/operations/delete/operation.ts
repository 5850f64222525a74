import { OWNED_SLICES } from '../../domain/dependents.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import type { Operation } from '../operation.ts';
import { deleteBack } from './back.ts';
import { type DeleteOptions, deleteOptions } from './options.ts';
import { deleteIntent, deletePlan } from './plan.ts';
import { deleteConsent, deleteRules, rulesAt } from './rules.ts';

const needs = {
  required: ['set', 'pods', 'podMetadata', 'claims', 'hpas', 'stored'],
  advisory: ['sets', 'services', 'scaledObjects', 'pdbs', 'volumes', 'namespace'],
} as const;

/** `delete NAME`: ordered scale-to-zero-then-delete (product, section 3). */
export const deleteOperation: Operation<DeleteOptions> = {
  id: 'delete',
  options: deleteOptions,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'secret or file',
  writes: [
    { resource: 'statefulsets', verbs: ['patch', 'delete'] },
    { resource: 'pods', verbs: ['delete'] },
    { resource: 'persistentvolumeclaims', verbs: ['patch'] },
    { resource: 'persistentvolumeclaims', verbs: ['delete'], withOption: 'deleteClaims' },
    { resource: 'services', verbs: ['delete'], withOption: 'withService' },
  ],
  provesAt: 'finish',
  needs,
  foreseen: OWNED_SLICES,
  consent: deleteConsent,
  intent: deleteIntent,
  rules: ({ snapshot }) => {
    const set = sliceOf(snapshot, 'set');
    return rulesAt(set.state === 'read' ? set.value : undefined);
  },
  plan: deletePlan,
  back: deleteBack,
  done: ({ target }) => `StatefulSet ${target.name} deleted`,
  // What took the PVCs along, or kept the manifest in a file alone, is not brought back by a word.
  undo: ({ options }) => (options['deleteClaims'] === true || options['withoutSecrets'] === true ? undefined : 'restore'),
  table: [
    {
      operation: 'delete',
      consent: deleteConsent,
      needs,
      rules: deleteRules,
      owned: OWNED_SLICES,
      unless: { 'archive-not-writable': '--save-to FILE keeps it in a file instead' },
    },
  ],
};
