import { RECORD_ANNOTATION } from '../domain/stored.ts';
import type { Check } from './check.ts';
import { known, operationToRun, seen } from './draft.ts';

/**
 * An operation waits for a Pod of the node. It cannot go on before the node is fenced, and the fence removes Pods that it did not plan to
 * remove: so it is said, and does not block.
 */
export const nodeOperationOpen: Check = {
  id: 'node-operation-open',
  title: 'An operation is unfinished on a StatefulSet with a Pod on the node',
  meaning:
    'A scale, delete, restore or rollout of this plugin is recorded on a StatefulSet that has a Pod on the node. With the fence that Pod is deleted and created again elsewhere, which the operation did not plan. Where it waits for that very Pod, it can neither be resumed nor cancelled before the node is fenced or back.',
  remedy: 'Resume or cancel the operation once the Pod is replaced; status lists the commands.',
  source: 'docs/design.md, law 5',
  override: 'allow',
  needs: ['nodeSets'],
  run(snapshot) {
    const open = (known(snapshot, 'nodeSets') ?? []).filter(({ metadata }) => metadata.annotations?.[RECORD_ANNOTATION] !== undefined);
    return open.map(({ metadata: { name, namespace = '' } }) => ({
      grade: 'proven',
      subject: { kind: 'statefulset', name, namespace },
      message: `an operation on StatefulSet ${name} in namespace ${namespace} is unfinished, and has a Pod on the node`,
      evidence: [seen(`statefulset/${name}`, `metadata.annotations[${RECORD_ANNOTATION}]`, 'present')],
      remedies: [operationToRun('status', name, { namespace }, 'afterwards: shows how to resume or cancel it')],
    }));
  },
};
