import type { Finding, Severity } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { type SliceName, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { CatalogueEntry, Check, Draft, OfSet } from '../check.ts';

/** What a diagnosis finds, before its severity. */
export interface Diagnosed extends Draft {
  /** Names of the Pods whose state this explains, or that it is about. */
  readonly pods?: readonly string[];
}

/**
 * What is wrong with a set as it is, or will be at the next change, whatever anybody is about to do (architecture, law 13): the
 * same look gives the same findings, none when all is well.
 */
export interface Diagnosis extends CatalogueEntry {
  /** `blocks`: it does not work, or data is about to be lost. `warns`: the next change or failure meets it. `notes`: good practice. */
  readonly severity: Severity;
  /** Slices without one of which it says nothing. */
  readonly needs: readonly SliceName[];
  /** Slices that cost, and that it takes only in view of what was seen. */
  readonly further?: { readonly slices: readonly SliceName[]; wanted(snapshot: Snapshot): readonly SliceName[] };
  /** Looked at only by who asks for all: it needs more than a status does, or follows from the manifest alone. */
  readonly group: 'failure' | 'hazard' | 'practice';
  /** It says what can be seen of Pods; of those whose state an earlier diagnosis explains, that is left out. */
  readonly isSymptom?: true;
  run(snapshot: Snapshot): readonly Diagnosed[];
}

/** Most diagnoses are about a set that is there. */
export function ofSet(run: (set: StatefulSet, snapshot: Snapshot) => readonly Diagnosed[]): Diagnosis['run'] {
  return (snapshot) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' ? run(set.value, snapshot) : [];
  };
}

/** What is told of a finding of this id, whoever raises it. */
export function entryOf({ id, title, meaning, remedy, source, override }: CatalogueEntry): CatalogueEntry {
  return { id, title, meaning, remedy, source, override };
}

/**
 * A check that takes no more than the set finds the same in a set as it is.
 * @param explains what it has seen of Pods is why they are as they are
 */
export function fromCheck(
  check: Check<OfSet>,
  { severity, group, isSymptom, explains }: Pick<Diagnosis, 'severity' | 'group' | 'isSymptom'> & { readonly explains?: true },
): Diagnosis {
  const { further } = check;
  return {
    ...(isSymptom === undefined ? {} : { isSymptom }),
    ...entryOf(check),
    needs: check.needs,
    severity,
    group,
    further: {
      slices: further?.slices ?? [],
      wanted: (snapshot) => {
        const set = sliceOf(snapshot, 'set');
        return set.state === 'read' ? (further?.wanted(snapshot, { set: set.value }) ?? []) : [];
      },
    },
    run: ofSet((set, snapshot) =>
      check.run(snapshot, { set }).map((draft) => (explains === undefined ? draft : { ...draft, pods: podsIn(draft) })),
    ),
  };
}

/** The Pods of which it has seen something. */
function podsIn({ evidence }: Draft): readonly string[] {
  return [...new Set(evidence.flatMap(({ object }) => (object.startsWith('pod/') ? [object.slice('pod/'.length)] : [])))];
}

/** What these diagnoses find, causes before what follows from them. Those whose slices were not read say nothing. */
export function diagnose(diagnoses: readonly Diagnosis[], snapshot: Snapshot): readonly Finding[] {
  const explained = new Set<string>();
  return diagnoses.flatMap((diagnosis) => {
    const found = diagnosis
      .run(snapshot)
      .filter(({ pods = [] }) => diagnosis.isSymptom !== true || pods.length === 0 || pods.some((pod) => !explained.has(pod)));
    for (const pod of found.flatMap(({ pods = [] }) => pods)) explained.add(pod);
    return found.map(({ pods: _pods, ...draft }) => ({
      ...draft,
      id: diagnosis.id,
      severity: diagnosis.severity,
      override: 'never' as const,
    }));
  });
}

/** Slices that these diagnoses need. */
export function neededBy(diagnoses: readonly Diagnosis[]): readonly SliceName[] {
  return [...new Set(diagnoses.flatMap(({ needs }) => needs))];
}

/** Slices that they take besides, in view of what was seen. */
export function takenBesides(diagnoses: readonly Diagnosis[], snapshot: Snapshot): readonly SliceName[] {
  return [...new Set(diagnoses.flatMap(({ further }) => further?.wanted(snapshot) ?? []))];
}
