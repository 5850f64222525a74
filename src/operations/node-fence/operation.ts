import { listOf } from '../../domain/snapshot.ts';
import type { Operation } from '../operation.ts';
import { type FenceOptions, fenceOptions } from './options.ts';
import { FENCE, fenceIntent, fencePlan, isBackFenced } from './plan.ts';
import { fenceRules } from './rules.ts';

const needs = {
  required: ['node', 'lease', 'nodePods', 'attachments'],
  advisory: ['kubelet', 'podAnswers', 'clusterNodes', 'volumes', 'nodeSets', 'replacements'],
} as const;

/** `node fence NODE`: takes a lost node out of service, so that its Pods are replaced and its volumes detached. */
export const nodeFence: Operation<FenceOptions> = {
  id: FENCE,
  options: fenceOptions,
  subject: 'nodes',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'nodes', verbs: ['patch'] }],
  needs,
  consent: { kind: 'typed' },
  intent: fenceIntent,
  // A node that is back has its fence removed, whatever would keep it from getting one.
  rules: ({ snapshot }) => (listOf(snapshot, 'node').some(isBackFenced) ? [] : fenceRules),
  plan: fencePlan,
  done: ({ target: { name }, steps }) =>
    steps[0]?.id === 'unfence'
      ? `node ${name} is Ready again, and its fence is removed`
      : `node ${name} fenced. When it is back, check on it that none of these containers runs; then run node unfence`,
  table: [{ operation: FENCE, consent: { kind: 'typed' }, needs, rules: fenceRules }],
};
