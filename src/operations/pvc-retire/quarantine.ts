import type { Claim, StatefulSet } from '../../domain/kube.ts';
import { parseLongDuration } from '../../domain/long-duration.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { QUARANTINED, quarantineMarkOf } from '../../domain/volume-marks.ts';
import type { Pvc } from '../../pvcs/pvc.ts';
import { claimOf, isBegun } from './choice.ts';
import type { RetireOptions } from './options.ts';

/** What becomes of the chosen PVCs now: with --quarantine a first run marks them, and a later one takes what is due. */
export interface Due {
  readonly retire: readonly Pvc[];
  readonly mark: readonly Pvc[];
  /** Marked before, and wanted again: chosen no more. */
  readonly free: readonly Claim[];
  /** Why the others wait, one sentence each. */
  readonly waiting: readonly string[];
}

type Turn = 'retire' | 'mark' | { readonly waits: string };

export function dueOf(pvcs: readonly Pvc[], snapshot: Snapshot, options: RetireOptions): Due {
  const turns = pvcs.map((pvc) => ({ pvc, turn: turnOf(pvc, snapshot, options) }));
  const of = (wanted: Turn): readonly Pvc[] => turns.filter(({ turn }) => turn === wanted).map(({ pvc }) => pvc);
  const chosen = new Set(pvcs.map(({ uid }) => uid));
  const isMarked = ({ metadata }: Claim): boolean => metadata.labels?.[QUARANTINED] !== undefined && !chosen.has(metadata.uid);
  const isByClass = options.excess === true && options.deletedSets === true;
  return {
    retire: of('retire'),
    mark: of('mark'),
    // Only whoever looks at all classes knows that one is wanted again.
    free: options.quarantine !== undefined && isByClass ? listOf(snapshot, 'claims').filter(isMarked) : [],
    waiting: turns.flatMap(({ pvc, turn }) => (typeof turn === 'string' ? [] : [`${pvc.name} ${turn.waits}`])),
  };
}

function turnOf(pvc: Pvc, snapshot: Snapshot, { quarantine, unusedFor }: RetireOptions): Turn {
  const claim = claimOf(pvc.uid, snapshot);
  if (claim === undefined || isBegun(pvc, snapshot)) return 'retire';
  const set = setOf(pvc, snapshot);
  const marked = markedAt(claim, set);
  if (quarantine !== undefined && marked === undefined) return 'mark';
  const unused = unusedSince(pvc, claim, marked, snapshot);
  return waitsFor('quarantined', marked, quarantine, snapshot.now) ?? waitsFor('unused', unused, unusedFor, snapshot.now) ?? 'retire';
}

/** @param since milliseconds since the epoch; what is not known is not long enough ago */
function waitsFor(how: string, since: number | undefined, wanted: string | undefined, now: number): Turn | undefined {
  if (wanted === undefined) return undefined;
  if (since === undefined) return { waits: `has been ${how} for an unknown time` };
  const left = since + (parseLongDuration(wanted) ?? Infinity) - now;
  return left <= 0 ? undefined : { waits: `has been ${how} for ${roughAge(now - since)}, due in ${roughAge(left)}` };
}

function setOf({ set }: Pvc, snapshot: Snapshot): StatefulSet | undefined {
  return listOf(snapshot, 'sets').find(({ metadata }) => metadata.name === set);
}

/** The clock restarts with every change of the StatefulSet: whoever changes it may be about to scale it up. */
function markedAt(claim: Claim, set: StatefulSet | undefined): number | undefined {
  const mark = quarantineMarkOf(claim);
  if (mark?.at === undefined) return undefined;
  const isSame = mark.set === (set?.metadata.uid ?? '') && mark.generation === (set?.metadata.generation ?? 0);
  return isSame ? Date.parse(mark.at) : undefined;
}

/**
 * By the condition Unused (KEP-5541), where the server writes it; else the later of when its set was deleted, by the manifest that was
 * saved then, and our own mark. Never from its creation.
 */
function unusedSince({ set, class: name }: Pvc, claim: Claim, marked: number | undefined, snapshot: Snapshot): number | undefined {
  const unused = claim.status.conditions?.find(({ type, status }) => type === 'Unused' && status === 'True')?.lastTransitionTime;
  if (unused !== undefined) return Date.parse(unused);
  const saved = listOf(snapshot, 'savedSets').find((one) => name === 'set-deleted' && one.name === set)?.deleted?.created;
  const known = [...(saved === undefined ? [] : [Date.parse(saved)]), ...(marked === undefined ? [] : [marked])];
  return known.length === 0 ? undefined : Math.max(...known);
}

/** What the mark says besides who and when. */
export function quarantineOf(pvc: Pvc, snapshot: Snapshot): { readonly set: string; readonly generation: number } {
  const set = setOf(pvc, snapshot);
  return { set: set?.metadata.uid ?? '', generation: set?.metadata.generation ?? 0 };
}
