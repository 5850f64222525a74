import type { Finding, Remedy } from '../domain/finding.ts';

/** Findings that are told together, in the order in which they were found; at least one. */
export type FindingGroup = readonly [Finding, ...Finding[]];

/**
 * Findings that differ only in the object that they are about (five members that are not ready) as one group, each group
 * where its first one stood. Alike are those of the same id, severity, grade and kind of object, that are overridden in
 * the same way, and whose remedies are the same commands for the same reason, each with its own object.
 */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  // A group of Map.groupBy is never empty.
  return [...Map.groupBy(findings, likeness).values()] as unknown as readonly FindingGroup[];
}

function likeness(finding: Finding): string {
  const { id, severity, grade, override, subject, remedies } = finding;
  return JSON.stringify([
    id,
    severity,
    grade,
    override,
    subject.kind,
    remedies.map((remedy) => [...likenessOf(remedy), reasonOf(remedy, finding)]),
  ]);
}

function likenessOf(remedy: Remedy): readonly unknown[] {
  return remedy.do === 'kubectl' ? [remedy.args[0], remedy.args.length] : [remedy.do, remedy.operation, Object.keys(remedy.options)];
}

/** The word that stands for the object where a remedy's reason is told once for all of a group. */
const ANY = 'each';

/** Why the remedy helps, of whichever object of the group. */
export function reasonOf({ why }: Remedy, { subject }: Finding): string | undefined {
  return why?.replaceAll(subject.name, ANY);
}
