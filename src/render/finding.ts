import type { Finding, Grade, Severity } from '../domain/finding.ts';
import { commandLine, type Place } from '../plan/commandline.ts';
import type { Style, View } from './style.ts';
import { hanging, inert } from './text.ts';

const ORDER: readonly Severity[] = ['blocks', 'warns', 'notes'];
const INDENT = '    ';

/** The finding in one word's worth of certainty; what is proven needs no word. */
const GRADES: Readonly<Record<Grade, string>> = {
  proven: '',
  likely: ' (likely)',
  unknown: ' (could not be checked)',
  contradicted: ' (evidence disagrees)',
};

export interface FindingOptions {
  /** Where printed commands are to run. */
  readonly place: Place;
  /** Say how to go past it: only where something is refused. */
  readonly override: boolean;
}

/** Findings as paragraphs, worst first: id, subject, sentence, what was seen, what would help. */
export function renderFindings(findings: readonly Finding[], options: FindingOptions, view: View): string {
  return sortFindings(findings)
    .map((finding) => renderFinding(finding, options, view))
    .join('\n');
}

/** The same order everywhere: severity, then as found. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

export function renderFinding(raw: Finding, options: FindingOptions, view: View): string {
  const finding = inert(raw);
  const { style, width } = view;
  const head = `${paintSeverity(finding.severity, style)} ${style.strong(finding.id)}${GRADES[finding.grade]}  ${style.faint(subjectOf(finding))}`;
  return [
    head,
    ...hanging(finding.message, width, INDENT),
    ...finding.evidence.flatMap(({ object, field, value }) =>
      hanging(`${object}: ${field} = ${value}`, width, `${INDENT}seen  `).map(style.faint),
    ),
    ...finding.remedies.flatMap((remedy) => [
      ...(remedy.why === undefined ? [] : hanging(`# ${remedy.why}`, width, `${INDENT}try   `).map(style.faint)),
      `${INDENT}${remedy.why === undefined ? 'try' : '   '}   ${style.accent(commandLine(remedy, options.place))}`,
    ]),
    ...(options.override && finding.severity === 'blocks' ? [`${INDENT}${overrideOf(finding, style)}`] : []),
  ].join('\n');
}

function overrideOf(finding: Finding, style: Style): string {
  return finding.override === 'allow' ? `pass  ${style.warn(`--allow ${finding.id}`)}` : style.faint('cannot be overridden');
}

function subjectOf({ subject }: Finding): string {
  return `${subject.kind.toLowerCase()}/${subject.name}`;
}

/** `blocks`, `warns`, `notes` in their colour, padded to one width. */
export function paintSeverity(severity: Severity, style: Style): string {
  const paint: Readonly<Record<Severity, (text: string) => string>> = { blocks: style.bad, warns: style.warn, notes: style.faint };
  return paint[severity](severity.padEnd(6));
}
