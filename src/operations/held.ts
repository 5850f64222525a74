import type { StatefulSet } from '../domain/kube.ts';
import { startOf } from '../domain/naming.ts';
import type { Intent } from '../findings/check.ts';
import type { Resume } from './operation.ts';

/** Steps of a deletion that come when the last member has been removed. */
const AT_ZERO: ReadonlySet<string> = new Set(['hand-over', 'delete-set']);

/** For the checks: what the operation that goes on, or back, left. */
export function leftBy(resume: Resume | undefined): Pick<Intent, 'left'> {
  const left = resume === undefined ? undefined : replicasLeft(resume);
  return left === undefined ? {} : { left };
}

/**
 * The number of replicas at which a stopped operation left its set: each change of it travels in one patch with the
 * cursor, so the record says it exactly.
 * @returns undefined where the set's replicas are not the record's to tell (a restore, or what stands on the index)
 */
export function replicasLeft({ record, archive }: Resume): number | undefined {
  const { kind, cursor, putBack } = record;
  const set = archive.manifest as unknown as StatefulSet;
  const [step = '', about = ''] = cursor.split('/');
  if (step === 'scale-down') return Number(about) - startOf(set);
  if (step === 'scale-up') return Number(about) - startOf(set) + 1;
  if (kind === 'delete') return AT_ZERO.has(step) || isBelow(cursor, set) ? 0 : putBack.replicas;
  return undefined;
}

/** Members below the range are removed last (delete/steps.ts). */
function isBelow(cursor: string, set: StatefulSet): boolean {
  const [step = '', ordinal = ''] = cursor.split('/');
  return step === 'left-over' && Number(ordinal) < startOf(set);
}
