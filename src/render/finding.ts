import type { Finding, Grade, Severity } from '../domain/finding.ts';
import { commandLine, type Place } from '../plan/commandline.ts';
import { elide, withoutNumbers } from './elide.ts';
import { type FindingGroup, groupFindings, reasonOf } from './finding-group.ts';
import type { Style, View } from './style.ts';
import { count, hanging, inert } from './text.ts';

const ORDER: readonly Severity[] = ['blocks', 'warns', 'notes'];
const INDENT = '    ';
const OBSERVED = `${INDENT}observed  `;
const FIX = `${INDENT}fix       `;
const OVERRIDE = `${INDENT}override  `;
const BELOW = ' '.repeat(FIX.length);

/** The finding in one word's worth of certainty; what is proven needs no word. */
const GRADES: Readonly<Record<Grade, string>> = {
  proven: '',
  likely: ' (likely)',
  unknown: ' (could not be checked)',
  contradicted: ' (evidence disagrees)',
};

/** `5m30s` and `40s` are alike. */
const AGE = /\b(?:\d+[smhd])+\b/g;

export interface FindingOptions {
  /** Where printed commands are to run. */
  readonly place: Place;
  /** Say how to override it: only where something is refused. */
  readonly override: boolean;
  /** Of a set as it is: nothing is blocked, it is wrong. */
  readonly asDiagnosis?: true;
  /** Say what each was observed by. */
  readonly evidence: boolean;
}

/** Findings as paragraphs, worst first, alike ones in one: id, subject, sentence, what was seen, what would help. */
export function renderFindings(findings: readonly Finding[], options: FindingOptions, view: View): string {
  return groupFindings(sortFindings(inert(findings)))
    .map((group) => renderGroup(group, options, view))
    .join('\n');
}

/** The same order everywhere: severity, then as found. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function renderGroup(group: FindingGroup, options: FindingOptions, view: View): string {
  const [first] = group;
  const { style } = view;
  return [
    `${paintSeverity(first.severity, style, options.asDiagnosis)} ${style.strong(first.id)}${GRADES[first.grade]}  ${style.faint(subjectsOf(group))}`,
    ...sentenceLines(group, options.evidence, view),
    ...first.remedies.flatMap((_, at) => remedyLines(group, at, options.place, view)),
    ...(options.override && first.severity === 'blocks' ? [overrideOf(first, style)] : []),
  ].join('\n');
}

/** What is so of each, and what was seen of it; what is the same of all is said once. */
function sentenceLines(group: FindingGroup, withEvidence: boolean, view: View): readonly string[] {
  const shown = view.wide ? group.map((item) => ({ item })) : elide(group, ({ message }) => withoutNumbers(message.replace(AGE, '#')));
  let said = '';
  return shown.flatMap((entry) => {
    if ('more' in entry) return [view.style.faint(`${INDENT}… ${entry.more} more`)];
    const { message, evidence } = entry.item;
    const sentence = message === said ? [] : hanging(message, view.width, INDENT);
    said = message;
    return withEvidence ? [...sentence, ...evidenceLines(evidence, view)] : sentence;
  });
}

/** A finding about the whole set has seen something of every member. */
function evidenceLines(evidence: Finding['evidence'], view: View): readonly string[] {
  const objects = [...Map.groupBy(evidence, ({ object }) => object).values()];
  const likeness = (seen: Finding['evidence']) => seen.map(({ object, field }) => withoutNumbers(`${object} ${field}`)).join();
  const shown = view.wide ? objects.map((item) => ({ item })) : elide(objects, likeness);
  return shown.flatMap((entry) =>
    'more' in entry
      ? [view.style.faint(`${BELOW}… ${entry.more} more`)]
      : entry.item.flatMap(({ object, field, value }) =>
          hanging(`${object}: ${field} = ${value}`, view.width, OBSERVED).map(view.style.faint),
        ),
  );
}

/** One remedy of a group: why, once, and the command for each object. */
function remedyLines(group: FindingGroup, at: number, place: Place, { style, width, wide }: View): readonly string[] {
  const commands = group.flatMap(({ remedies }) => (remedies[at] === undefined ? [] : commandLine(remedies[at], place)));
  const distinct = [...new Set(commands)];
  const shown = wide ? distinct.map((item) => ({ item })) : elide(distinct, withoutNumbers);
  const lines = shown.map((entry) => ('more' in entry ? style.faint(`… ${entry.more} more`) : style.accent(entry.item)));
  const why = whyOf(group, at);
  const said = why === undefined ? [] : hanging(`# ${why}`, width, FIX).map(style.faint);
  return [...said, ...lines.map((line, index) => `${said.length + index === 0 ? FIX : BELOW}${line}`)];
}

/** In its own words where they are the same for all. */
function whyOf(group: FindingGroup, at: number): string | undefined {
  const [first] = group;
  const remedy = first.remedies[at];
  const isSame = group.every(({ remedies }) => remedies[at]?.why === remedy?.why);
  return isSame || remedy === undefined ? remedy?.why : reasonOf(remedy, first);
}

function overrideOf(finding: Finding, style: Style): string {
  return finding.override === 'allow'
    ? `${OVERRIDE}${style.warn(`--allow ${finding.id}`)}`
    : `${INDENT}${style.faint('cannot be overridden')}`;
}

/** `pod/web-1`, or how many there are: the sentences name them. */
function subjectsOf(group: FindingGroup): string {
  const { kind, name } = group[0].subject;
  const different = new Set(group.map(({ subject }) => subject.name)).size;
  return different === 1 ? `${kind.toLowerCase()}/${name}` : count(different, kind.toLowerCase());
}

/** How bad a finding is where there is no operation that it could block. */
export const DIAGNOSED: Readonly<Record<Severity, string>> = { blocks: 'error', warns: 'warning', notes: 'info' };

/** `blocks`, `warns`, `notes` in their colour, padded to one width. */
export function paintSeverity(severity: Severity, style: Style, asDiagnosis?: true): string {
  const paint: Readonly<Record<Severity, (text: string) => string>> = { blocks: style.bad, warns: style.warn, notes: style.faint };
  return paint[severity](asDiagnosis === true ? DIAGNOSED[severity].padEnd(7) : severity.padEnd(6));
}
