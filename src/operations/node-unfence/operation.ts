import Type from 'typebox';
import type { Node } from '../../domain/kube.ts';
import { attestationOf, FENCE_LABEL, fenceTaintOf, readyOf } from '../../domain/node-signs.ts';
import type { Rule } from '../../findings/check.ts';
import { nodeStillSilent } from '../../findings/node-still-silent.ts';
import { sameBoot } from '../../findings/same-boot.ts';
import { nodeOfPlan } from '../node-fence/plan.ts';
import { removal } from '../node-fence/steps.ts';
import type { Operation } from '../operation.ts';
import { setless } from '../setless.ts';

const UNFENCE = 'node unfence';
const needs = { required: ['node'], advisory: [] } as const;
const rules: readonly Rule[] = [
  { check: nodeStillSilent, severity: 'blocks' },
  { check: sameBoot, severity: 'blocks' },
];

function isOurs(node: Node): boolean {
  return fenceTaintOf(node) !== undefined || attestationOf(node) !== undefined || node.metadata.labels?.[FENCE_LABEL] !== undefined;
}

/** `node unfence NODE`: the inverse of `node fence`, once the node has booted and is Ready. */
export const nodeUnfence: Operation<Record<never, never>> = {
  id: UNFENCE,
  options: Type.Object({}),
  subject: 'nodes',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'nodes', verbs: ['patch'] }],
  needs,
  consent: { kind: 'yes-no' },
  intent: ({ snapshot }) => {
    const node = nodeOfPlan(snapshot);
    if (isOurs(node)) return setless(UNFENCE);
    return { outcome: 'nothing-to-do', message: `node ${node.metadata.name} has no fence of sts-safe` };
  },
  rules: () => rules,
  plan: ({ snapshot: { cluster, target, ...snapshot }, allowed, stepTimeoutMs: timeoutMs }, _intent, findings) => {
    const node = nodeOfPlan({ cluster, target, ...snapshot });
    const { name, uid } = node.metadata;
    const attestation = attestationOf(node);
    const was = attestation === undefined ? 'fenced' : `fenced by ${attestation.by} (${attestation.attest})`;
    return {
      schema: 1,
      operation: UNFENCE,
      cluster,
      target,
      options: {},
      allowed,
      summary: `put node ${name} back into service`,
      findings,
      changes: [{ kind: 'Node', name, before: `${was}, Ready=${readyOf(node)?.status ?? 'Unknown'}`, after: 'in service' }],
      basedOn: [
        { object: `node/${name}`, uid, fields: { bootID: node.status.nodeInfo?.bootID ?? '', ready: readyOf(node)?.status ?? '' } },
      ],
      steps: [removal(node, timeoutMs)],
      consent: { kind: 'yes-no' },
      putBack: {},
      archive: '',
    };
  },
  done: ({ target }) => `node ${target.name} unfenced`,
  table: [{ operation: UNFENCE, consent: { kind: 'yes-no' }, needs, rules }],
};
