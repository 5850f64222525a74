import { replicasOf } from '../../domain/naming.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import { originalSet } from '../origin.ts';
import type { ScaleOptions } from './options.ts';
import { scaleIntent, scalePlan } from './plan.ts';
import { SPARED_UP, scaleConsent, scaleDownRules, scaleUpRules } from './rules.ts';

/** `scale NAME --replicas N` (product, section 3). */
export const scale: Operation<ScaleOptions> = {
  name: 'scale',
  needs: {
    required: ['set', 'pods', 'claims', 'hpas', 'stored'],
    advisory: ['sets', 'scaledObjects', 'pdbs', 'nodes', 'quotas', 'storageClasses', 'volumes', 'namespace'],
  },
  spares: ({ snapshot, options }) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' && options.replicas > replicasOf(set.value) ? SPARED_UP : [];
  },
  consent: scaleConsent,
  intent: scaleIntent,
  rules: (input) => (input.options.replicas < replicasOf(originalSet(input)) ? scaleDownRules : scaleUpRules),
  plan: scalePlan,
  access: accessOf,
};
