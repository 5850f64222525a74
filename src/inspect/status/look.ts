import type { ClusterReader, Many, Scope } from '../../cluster/api.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Reading } from '../../domain/reading.ts';
import { type SliceName, type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import type { FoundRecord } from '../../domain/stored.ts';
import { diagnose, neededBy, takenBesides } from '../../findings/diagnosis/diagnosis.ts';
import { DIAGNOSES } from '../../findings/diagnosis/index.ts';
import { notFound } from '../not-found.ts';
import { required } from '../required.ts';
import { type SetStatus, statusOf } from './model.ts';

/** The sets whose status is asked for: named ones of one namespace, or all of a scope. */
export type Subjects = ({ readonly names: readonly string[] } & Required<Pick<Scope, 'namespace'>>) | (Scope & { readonly names?: never });

/** The open record of a set as the operations of this version know it; undefined where nothing is open. */
export type OpenRecordOf = (snapshot: Snapshot) => FoundRecord | undefined;

/** What a look at the status of sets needs. */
export interface StatusPorts {
  readonly reader: ClusterReader;
  readonly openRecord: OpenRecordOf;
  /** Awaited before sets are judged: what reads their records may have to be loaded. */
  readonly prepare?: (snapshots: readonly Snapshot[]) => Promise<void>;
}

/** Everything that the verdict, the line and the tree look at. */
const STATUS_NEEDS: readonly SliceName[] = ['set', 'namespace', 'pods', 'claims', 'sets', 'nodes', 'events', 'endpointSlices', 'stored'];

/** What is read besides for the findings of one named set. */
const LOOKED_AT: ReadonlySet<SliceName> = new Set([...STATUS_NEEDS, 'hpas', 'scaledObjects']);

/** What `status NAME` shows below the tree: all but the practices, and what takes more than this is the doctor's. */
const SHOWN = DIAGNOSES.filter(({ group, needs }) => group !== 'practice' && needs.every((slice) => LOOKED_AT.has(slice)));

/** What to read: only one named set alone gets the tree, and below it the findings; what we stored only named ones. */
export function needsOf({ names }: Subjects): readonly SliceName[] {
  if (names === undefined) return STATUS_NEEDS.filter((slice) => slice !== 'stored');
  return names.length === 1 ? [...new Set([...STATUS_NEEDS, ...neededBy(SHOWN)])] : STATUS_NEEDS;
}

/** The sets that were seen, beside those that are not there or could not be read. */
export interface Look {
  readonly snapshots: readonly Snapshot[];
  readonly failures: readonly unknown[];
}

/**
 * Looks once at the named sets, or at all of the scope.
 *
 * @throws RefusedError or CannotError where the sets of a scope cannot be listed; what fails of a named set is in `failures`
 */
export async function lookAt(subjects: Subjects, ports: StatusPorts): Promise<Look> {
  if (subjects.names === undefined) return lookAtAll(subjects, ports);
  const { names, namespace } = subjects;
  const needs = needsOf(subjects);
  const looks = await Promise.allSettled(names.map((name) => lookAtOne({ namespace, name }, needs, ports)));
  return {
    snapshots: looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : [])),
    failures: looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : [])),
  };
}

/** The status of what was seen; undefined where there is nothing to tell. */
export function statusFrom(snapshot: Snapshot, openRecord: OpenRecordOf): SetStatus | undefined {
  return statusOf(snapshot, openRecord(snapshot), diagnose(SHOWN, snapshot));
}

/**
 * Why the sets or their Pods cannot be read at the moment: what was seen last stands, since what is not known is not gone.
 *
 * @throws RefusedError where they may not be watched: that does not pass
 */
export function unread({ sets, snapshots }: Many): string | undefined {
  const readings: readonly Reading<unknown>[] = [sets, ...snapshots.map((snapshot) => sliceOf(snapshot, 'pods'))];
  const lost = readings.find((reading) => reading.state === 'unknown');
  if (lost?.why === 'forbidden') required(lost);
  return lost?.message;
}

async function lookAtOne(target: Target, needs: readonly SliceName[], { reader, openRecord, prepare }: StatusPorts): Promise<Snapshot> {
  const seen = await reader.read(needs, target);
  const further = takenBesides(SHOWN, seen).filter((slice) => seen.slices[slice] === undefined);
  const more = further.length === 0 ? seen : await reader.read(further, target);
  const snapshot: Snapshot = { ...seen, slices: { ...more.slices, ...seen.slices } };
  required(sliceOf(snapshot, 'set'));
  required(sliceOf(snapshot, 'pods'));
  await prepare?.([snapshot]);
  if (statusFrom(snapshot, openRecord) !== undefined) return snapshot;
  const { message, hint } = await notFound(snapshot, reader);
  throw new CannotError(message, hint);
}

async function lookAtAll(scope: Subjects, { reader, prepare }: StatusPorts): Promise<Look> {
  const { snapshots, sets } = await reader.readMany(needsOf(scope), scope);
  required(sets);
  await prepare?.(snapshots);
  return { snapshots, failures: [] };
}
