import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { ControllerRevision, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, membersOf } from '../../domain/members.ts';
import { revisionOf, revisionOfTemplate, templateIn } from '../../domain/revisions.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { Resume } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { podsOf } from '../planned-on.ts';
import type { AbortOptions } from './options.ts';

/** What an abort goes back to. */
export interface Baseline {
  /** Name of its ControllerRevision. */
  readonly revision: string;
  readonly template: StatefulSet['spec']['template'];
}

interface Asked {
  readonly snapshot: Snapshot;
  readonly options: AbortOptions;
  /** A rollout of ours that is open: its archive holds the set as it was before. */
  readonly begun?: Resume | undefined;
}

/**
 * The revision that a rollout came from, with its template. Of a rollout of ours, what was archived; of any other one, what the Pods carry
 * that are not updated yet. status.currentRevision is not asked: it may be the bad one already, or an ancient one (semantics,
 * section 2).
 * @throws RefusedError where it is not known, or cannot be read
 */
export function baselineOf(asked: Asked): Baseline {
  const { begun, options } = asked;
  if (begun !== undefined && options.toRevision === undefined) {
    const { spec, status } = archivedSet(begun.archive);
    return { revision: status.updateRevision ?? '', template: spec.template };
  }
  const name = baselineName(asked);
  const found = revisionsOf(asked.snapshot).find(({ metadata }) => metadata.name === name);
  const template = found === undefined ? undefined : templateIn(found);
  if (name === undefined || template === undefined)
    throw new RefusedError(`the Pod template of ControllerRevision ${name ?? '?'} cannot be read`, historyLine(asked.snapshot));
  return { revision: name, template };
}

/**
 * Name of the ControllerRevision to go back to, before its template is read.
 * @throws RefusedError where none or several could be meant, CannotError where nothing is rolled out
 */
export function baselineName({ snapshot, options: { toRevision } }: Asked): string | undefined {
  if (toRevision !== undefined) return revisionNumbered(toRevision, snapshot).metadata.name;
  const set = liveSet(snapshot);
  const update = revisionOfTemplate(set);
  if (update === undefined)
    throw new CannotError(`the controller has not seen the newest spec of StatefulSet ${set.metadata.name} yet`, 'try again in a moment');
  const members = membersOf(set, podsOf(snapshot)).filter(({ inRange }) => inRange);
  const others = new Set(members.flatMap(({ pod }) => (pod === undefined ? [] : (revisionOf(pod) ?? []))));
  others.delete(update);
  const [first, ...more] = others;
  if (first !== undefined && more.length === 0) return first;
  throw new RefusedError(first === undefined ? allUpdated(set, update) : severalInWords(set, [first, ...more], snapshot), choose(snapshot));
}

const allUpdated = ({ metadata: { name } }: StatefulSet, revision: string): string =>
  `all Pods of StatefulSet ${name} are of revision ${revision} already: no Pod tells which revision it came from`;

function severalInWords({ metadata: { name } }: StatefulSet, revisions: readonly string[], snapshot: Snapshot): string {
  const known = new Map(revisionsOf(snapshot).map((one) => [one.metadata.name, one.revision]));
  const words = revisions.map((one) => `${one} (revision ${known.get(one) ?? '?'})`);
  return `Pods of StatefulSet ${name} are of ${revisions.length} earlier revisions: ${words.join(', ')}`;
}

/** The command with a choice made for the reader: the newest revision that is not rolled out now. */
function choose(snapshot: Snapshot): string {
  const set = liveSet(snapshot);
  const newest = revisionsOf(snapshot).find(({ metadata }) => metadata.name !== set.status.updateRevision);
  if (newest === undefined) return historyLine(snapshot);
  const options = { toRevision: newest.revision };
  const age = roughAge(snapshot.now - Date.parse(newest.metadata.creationTimestamp ?? ''));
  const line = commandLine({ operation: 'rollout abort', name: set.metadata.name, options }, placeOf(snapshot));
  return `choose one of ${historyLine(snapshot)}, for example ${line} (revision ${newest.revision} was first made ${age} ago)`;
}

function historyLine(snapshot: Snapshot): string {
  return commandLine({ operation: 'rollout history', name: snapshot.target.name, options: {} }, placeOf(snapshot));
}

/** @throws RefusedError where there is none */
function revisionNumbered(number: number, snapshot: Snapshot): ControllerRevision {
  const all = revisionsOf(snapshot);
  const found = all.find(({ revision }) => revision === number);
  if (found !== undefined) return found;
  const there = all.map(({ revision }) => revision).toSorted((a, b) => a - b);
  throw new RefusedError(
    `StatefulSet ${snapshot.target.name} has no revision ${number}; there ${there.length === 1 ? 'is' : 'are'} ${there.join(', ') || 'none'}`,
    historyLine(snapshot),
  );
}

/** Revisions of this set, the newest first. */
export function revisionsOf(snapshot: Snapshot): readonly ControllerRevision[] {
  const { uid } = liveSet(snapshot).metadata;
  return listOf(snapshot, 'revisions')
    .filter((revision) => isControlledBy(revision, uid))
    .toSorted((a, b) => b.revision - a.revision);
}
