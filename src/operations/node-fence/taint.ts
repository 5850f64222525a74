import type { Json, Node } from '../../domain/kube.ts';
import { ATTESTATION_ANNOTATION, FENCE_LABEL, FENCE_VALUE, OUT_OF_SERVICE_TAINT, readyOf } from '../../domain/node-signs.ts';
import { refTo } from '../../domain/object-ref.ts';
import { pointer } from '../../domain/verbs.ts';
import type { FieldValue, ListEdit, PatchWrite } from '../../plan/action.ts';

/** What a person vouches for, as options have it. */
export interface Attested {
  readonly attest: string;
  readonly evidence: string;
}

const TAINT: Json = { key: OUT_OF_SERVICE_TAINT, value: FENCE_VALUE, effect: 'NoExecute' };
const LABEL = `/metadata/labels${pointer(FENCE_LABEL)}`;
const ANNOTATION = `/metadata/annotations${pointer(ATTESTATION_ANNOTATION)}`;

const taints = (edit: Omit<ListEdit, 'kind' | 'path'>): ListEdit => ({ kind: 'list', path: '/spec/taints', ...edit });

function on({ metadata: { name, uid } }: Node, edit: ListEdit): PatchWrite {
  return { verb: 'patch', objects: [{ ref: refTo('nodes', '', name), uid }], edit };
}

/**
 * What was attested, with our label, in one patch that fails once the node has booted or become Ready again.
 * @param pods `NAMESPACE/NAME` of the Pods whose replacements are followed
 * @param tainted whether it is taken out of service as well
 */
export function attestWrite(node: Node, { attest, evidence }: Attested, pods: readonly string[], tainted: boolean): PatchWrite {
  const bootID = node.status.nodeInfo?.bootID ?? '';
  const says = { attest, evidence, bootID, pods };
  return on(
    node,
    taints({
      add: tainted ? [TAINT] : [],
      remove: [],
      values: [{ path: LABEL, to: 'true' }],
      signed: { annotation: ATTESTATION_ANNOTATION, says },
      tests: silentTests(node, bootID),
    }),
  );
}

/** That it is the same boot, and as little Ready as it was: the server tests it with the taint. */
function silentTests(node: Node, bootID: string): readonly FieldValue[] {
  const ready = readyOf(node);
  const at = `/status/conditions/${(node.status.conditions ?? []).findIndex(({ type }) => type === 'Ready')}`;
  return [
    ...(bootID === '' ? [] : [{ path: '/status/nodeInfo/bootID', to: bootID }]),
    ...(ready === undefined
      ? []
      : [
          { path: `${at}/type`, to: 'Ready' },
          { path: `${at}/status`, to: ready.status },
        ]),
  ];
}

/** Everything of ours off, whatever else the node bears by then. */
export function unfenceWrite(node: Node): PatchWrite {
  const gone = [LABEL, ANNOTATION].map((path) => ({ path, to: undefined }));
  return on(node, taints({ add: [], remove: [TAINT], values: gone, tests: [] }));
}
