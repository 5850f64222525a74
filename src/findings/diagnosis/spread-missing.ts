import { replicasOf } from '../../domain/naming.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import type { SpreadSpec } from './template.ts';

/** Practice: Pods that may share a node are lost together. */
export const spreadMissing: Diagnosis = {
  id: 'spread-missing',
  title: 'Nothing keeps Pods on different nodes',
  meaning:
    'The Pod template has neither anti-affinity nor topology spread constraints. The scheduler may put most of the Pods on one node, and one lost node then takes the quorum.',
  remedy: 'Add pod anti-affinity or topology spread constraints by node, and by zone where there are several.',
  source: 'kubernetes.io: Pod Topology Spread Constraints',
  override: 'never',
  severity: 'notes',
  group: 'practice',
  needs: ['set'],
  run: ofSet((set) => {
    const { affinity, topologySpreadConstraints = [] } = set.spec.template.spec as SpreadSpec;
    const {
      requiredDuringSchedulingIgnoredDuringExecution: required = [],
      preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
    } = affinity?.podAntiAffinity ?? {};
    if (replicasOf(set) < 2 || topologySpreadConstraints.length + required.length + preferred.length > 0) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `nothing keeps the Pods of ${name} on different nodes: it has neither pod anti-affinity nor topology spread constraints`,
        evidence: [
          seen(`statefulset/${name}`, 'spec.template.spec.affinity.podAntiAffinity', undefined),
          seen(`statefulset/${name}`, 'spec.template.spec.topologySpreadConstraints', undefined),
        ],
        remedies: [kubectl('edit', ['statefulset', name], 'add one of them; this starts a rollout')],
      },
    ];
  }),
};
