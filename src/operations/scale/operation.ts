import { OWNED_SLICES } from '../../domain/dependents.ts';
import { replicasOf } from '../../domain/naming.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { type Operation, sparing } from '../operation.ts';
import { originalSet } from '../origin.ts';
import { putBack } from '../put-back.ts';
import { type ScaleOptions, scaleOptions } from './options.ts';
import { scaleIntent, scalePlan } from './plan.ts';
import { SPARED_UP, scaleConsent, scaleDownRules, scaleUpRules } from './rules.ts';

const needs = {
  required: ['set', 'pods', 'claims', 'hpas', 'stored'],
  advisory: ['sets', 'scaledObjects', 'pdbs', 'quotas', 'storageClasses', 'volumes', 'namespace'],
} as const;

/** `scale NAME --replicas N` (product, section 3). */
export const scale: Operation<ScaleOptions> = {
  id: 'scale',
  options: scaleOptions,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'secret',
  writes: [
    { resource: 'statefulsets', verbs: ['patch'] },
    { resource: 'pods', verbs: ['delete'] },
  ],
  needs,
  spares: ({ snapshot, options }) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' && options.replicas > replicasOf(set.value) ? SPARED_UP : [];
  },
  consent: scaleConsent,
  intent: scaleIntent,
  rules: (input) => (input.options.replicas < replicasOf(originalSet(input)) ? scaleDownRules : scaleUpRules),
  plan: scalePlan,
  back: putBack,
  done: ({ target, options }) => `StatefulSet ${target.name} scaled to ${String(options['replicas'])}`,
  table: [
    { operation: 'scale down', consent: scaleConsent, needs, rules: scaleDownRules, owned: OWNED_SLICES },
    // Nobody leaves, so no claim goes with a member.
    { operation: 'scale up', consent: { kind: scaleConsent.kind }, needs: sparing(needs, ...SPARED_UP), rules: scaleUpRules },
  ],
};
