import { claimsOf } from '../../domain/claims.ts';
import type { ObjectCondition } from '../../domain/kube.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';

/** Most expansions take seconds; a large file system some minutes. */
const PATIENCE_MS = 10 * 60 * 1000;

const FAILED: readonly string[] = ['ControllerResizeError', 'NodeResizeError'];
const PENDING: readonly string[] = ['Resizing', 'FileSystemResizePending'];

/** Signature 35: a PVC that was to grow has not. */
export const claimResizeStuck: Diagnosis = {
  id: 'claim-resize-stuck',
  title: 'The expansion of a PVC does not finish',
  meaning:
    'The PVC requests more than its volume has. The expansion fails, or waits for the Pod to be restarted: some drivers expand the file system only when the volume is mounted. Until then the application has the old size.',
  remedy: 'If it waits for the file system, restart the Pod when its peers can do without it. Otherwise read what the CSI driver reports.',
  source: 'kubernetes.io: Persistent Volumes, "Expanding Persistent Volumes Claims"',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods', 'claims'],
  run: ofSet((set, snapshot) =>
    claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []).flatMap(({ claim }) => {
      const stuck = (claim.status.conditions ?? []).find((condition) => isStuck(condition, snapshot.now));
      return stuck === undefined ? [] : [draftOf(claim, stuck, snapshot.now)];
    }),
  ),
};

function isStuck({ type, status, lastTransitionTime }: ObjectCondition, now: number): boolean {
  if (status !== 'True') return false;
  return FAILED.includes(type) || (PENDING.includes(type) && now - Date.parse(lastTransitionTime ?? '') >= PATIENCE_MS);
}

function draftOf(claim: Parameters<typeof subjectOf>[1], { type, message, lastTransitionTime }: ObjectCondition, now: number): Diagnosed {
  const { name } = claim.metadata;
  const since = now - Date.parse(lastTransitionTime ?? '');
  const said = message === undefined || message === '' ? '' : `: ${brief(message)}`;
  return {
    grade: 'proven',
    subject: subjectOf('persistentvolumeclaim', claim),
    message: `PVC ${name} has not been expanded (${type}${Number.isNaN(since) ? '' : ` for ${roughAge(since)}`})${said}`,
    evidence: [seen(`persistentvolumeclaim/${name}`, `status.conditions[${type}]`, 'True')],
    remedies: [kubectl('describe', ['persistentvolumeclaim', name], 'what the CSI driver reports')],
  };
}
