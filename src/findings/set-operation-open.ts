import { RECORD_ANNOTATION } from '../domain/stored.ts';
import type { Check } from './check.ts';
import { known, operationToRun, seen } from './draft.ts';

/** An operation is recorded on the StatefulSet of a PVC: it rests on the PVCs as they are. */
export const setOperationOpen: Check = {
  id: 'set-operation-open',
  title: 'An operation is unfinished on the StatefulSet of the PVC',
  meaning:
    'A scale, delete, restore or rollout of this plugin is recorded on the StatefulSet. It may reuse or delete the PVC, and verifies at its end that the PVCs are what they were.',
  remedy: 'Resume or cancel it first; kubectl sts-safe operations lists the commands.',
  source: 'docs/design.md, law 5',
  override: 'never',
  needs: ['sets', 'savedSets'],
  run(snapshot, { pvcs = [] }) {
    const open = new Set([
      ...(known(snapshot, 'sets') ?? [])
        .filter(({ metadata }) => metadata.annotations?.[RECORD_ANNOTATION] !== undefined)
        .map(({ metadata }) => metadata.name),
      ...(known(snapshot, 'savedSets') ?? []).filter(({ hasRecord }) => hasRecord).map(({ name }) => name),
    ]);
    const busy = [...new Set(pvcs.flatMap(({ set }) => (set !== undefined && open.has(set) ? [set] : [])))];
    return busy.map((name) => ({
      grade: 'proven',
      subject: { kind: 'statefulset', name, namespace: snapshot.target.namespace },
      message: `an operation on StatefulSet ${name} is unfinished`,
      evidence: [seen(`statefulset/${name}`, `metadata.annotations[${RECORD_ANNOTATION}]`, 'present')],
      remedies: [operationToRun('status', name, {}, 'shows how to resume or cancel it')],
    }));
  },
};
