import type { ClusterReader, Scope } from '../cluster/api.ts';
import type { Finding } from '../domain/finding.ts';
import { type SliceName, type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import { type Diagnosis, diagnose, neededBy, takenBesides } from '../findings/diagnosis/diagnosis.ts';
import { DIAGNOSES } from '../findings/diagnosis/index.ts';
import { required } from './required.ts';
import { type OpenRecordOf } from './status/look.ts';
import { type Verdict, verdictOf } from './verdict/verdict.ts';

/** A set that was examined. */
export interface Examined extends Partial<Verdict> {
  readonly namespace: string;
  readonly name: string;
}

/** A finding, and which of the examined sets it is about: a cause that several share is told once. */
export interface SharedFinding extends Finding {
  readonly sets: readonly Pick<Examined, 'namespace' | 'name'>[];
}

/** What `doctor` knows: the document behind the text and `-o json`. */
export interface DoctorReport {
  readonly sets: readonly Examined[];
  /** Worst first, then causes first. */
  readonly findings: readonly SharedFinding[];
  /** What could not be read, one sentence each. */
  readonly unknown: readonly string[];
}

/** Which diagnoses are made. */
export interface Choice {
  /** Ids; absent: all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** Besides what the diagnoses need: what the verdict on a set rests on. */
const VERDICT_NEEDS: readonly SliceName[] = ['set', 'namespace', 'pods', 'claims', 'nodes', 'events'];

/** What is read of one set, besides what the diagnoses need. */
export const DOCTOR_NEEDS: readonly SliceName[] = [...VERDICT_NEEDS, 'stored'];

export function isChosen(id: string, { only, skip = [] }: Choice): boolean {
  return (only === undefined || only.includes(id)) && !skip.includes(id);
}

export function chosenDiagnoses(choice: Choice): readonly Diagnosis[] {
  return DIAGNOSES.filter(({ id }) => isChosen(id, choice));
}

/**
 * Looks at all sets of a scope: every list is read once for all of them.
 *
 * @throws RefusedError or CannotError where the sets cannot be listed
 */
export async function examineAll(scope: Scope, diagnoses: readonly Diagnosis[], reader: ClusterReader): Promise<readonly Snapshot[]> {
  // What is stored about a set matters where there is none; it would take a request for each.
  const needs = [...new Set([...VERDICT_NEEDS, ...neededBy(diagnoses)])].filter((slice) => slice !== 'stored');
  const { snapshots, sets } = await reader.readMany(needs, scope, (snapshot) => takenBesides(diagnoses, snapshot));
  required(sets);
  return snapshots;
}

/** Looks at one set, which need not be there. */
export async function examineOne(target: Target, diagnoses: readonly Diagnosis[], reader: ClusterReader): Promise<Snapshot> {
  const needs = [...new Set<SliceName>([...DOCTOR_NEEDS, ...neededBy(diagnoses)])];
  const seen = await reader.read(needs, target);
  const further = takenBesides(diagnoses, seen).filter((slice) => seen.slices[slice] === undefined);
  if (further.length === 0) return seen;
  const more = await reader.read(further, target);
  return { ...seen, slices: { ...more.slices, ...seen.slices } };
}

/** What is wrong with these sets. */
export function reportOn(snapshots: readonly Snapshot[], diagnoses: readonly Diagnosis[], openRecord: OpenRecordOf): DoctorReport {
  const each = snapshots.map((snapshot) => ({
    target: snapshot.target,
    findings: [...diagnose(diagnoses, snapshot), ...notLookedAt(diagnoses, snapshot)],
  }));
  return {
    sets: snapshots.map((snapshot) => ({ ...placeOf(snapshot.target), ...judged(snapshot, openRecord) })),
    findings: sharedFindings(each),
    unknown: [...new Set(snapshots.flatMap(unknownIn))],
  };
}

function placeOf({ namespace, name }: Target): Pick<Examined, 'namespace' | 'name'> {
  return { namespace, name };
}

/** None where its Pods are not known. */
function judged(snapshot: Snapshot, openRecord: OpenRecordOf): Partial<Verdict> {
  return verdictOf(snapshot, openRecord(snapshot)) ?? {};
}

const ORDER = ['blocks', 'warns', 'notes'] as const;

/**
 * Findings of one id about one object are one: ten sets with a Pod on a node that is lost have one cause. The evidence is that of
 * all of them.
 */
function sharedFindings(each: readonly { readonly target: Target; readonly findings: readonly Finding[] }[]): readonly SharedFinding[] {
  const all = each.flatMap(({ target, findings }) => findings.map((finding) => ({ finding, set: placeOf(target) })));
  const groups = [
    ...Map.groupBy(all, ({ finding: { id, subject } }) => JSON.stringify([id, subject.kind, subject.namespace, subject.name])).values(),
  ];
  const shared = groups.flatMap((group) => {
    const [first] = group;
    const sets = uniquePlaces(group.map(({ set }) => set));
    // Several of one set say different things of one object: two ports of one Service.
    if (first === undefined || sets.length === 1) return group.map(({ finding }) => ({ ...finding, sets }));
    const evidence = group.flatMap(({ finding }) => finding.evidence);
    return [
      {
        ...first.finding,
        message: messageOf(first.finding, sets),
        evidence: [...new Map(evidence.map((one) => [JSON.stringify(one), one])).values()],
        sets,
      },
    ];
  });
  return shared.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function uniquePlaces(sets: readonly SharedFinding['sets'][number][]): SharedFinding['sets'] {
  return [...new Map(sets.map((set) => [`${set.namespace}/${set.name}`, set])).values()];
}

const NAMED = 4;

function messageOf({ message }: Finding, sets: SharedFinding['sets']): string {
  const others = sets.slice(1).map(({ namespace, name }) => `${namespace}/${name}`);
  const named =
    others.length <= NAMED ? others.join(', ') : `${others.slice(0, NAMED - 1).join(', ')} and ${others.length - NAMED + 1} more`;
  return `${message}; the same affects ${others.length} other ${others.length === 1 ? 'StatefulSet' : 'StatefulSets'}: ${named}`;
}

/** What could not be read is said, with the diagnoses that were not made for it: silence would mean that all is well. */
function notLookedAt(diagnoses: readonly Diagnosis[], snapshot: Snapshot): readonly Finding[] {
  const slices = [...new Set(diagnoses.flatMap(({ needs, further }) => [...needs, ...(further?.wanted(snapshot) ?? [])]))];
  const unread = slices.flatMap((slice) => {
    const reading = sliceOf(snapshot, slice);
    return reading.state === 'unknown' && reading.why !== 'not-read' ? [{ slice, message: reading.message }] : [];
  });
  const byMessage = Map.groupBy(unread, ({ message }) => message);
  return [...byMessage].map(([message, those]) => {
    const without = diagnoses.filter((diagnosis) => those.some(({ slice }) => takes(diagnosis, slice))).map(({ id }) => id);
    return {
      id: 'evidence-unknown',
      severity: 'warns',
      grade: 'unknown',
      subject: { kind: 'resource', name: those[0]?.slice ?? '' },
      message: `${message}; not checked: ${without.join(', ')}`,
      evidence: [],
      remedies: [],
      override: 'never',
    };
  });
}

function takes({ needs, further }: Diagnosis, slice: SliceName): boolean {
  return needs.includes(slice) || further?.slices.includes(slice) === true;
}

function unknownIn({ slices }: Snapshot): readonly string[] {
  return Object.values(slices).flatMap((reading) => (reading.state === 'unknown' && reading.why !== 'not-read' ? [reading.message] : []));
}
