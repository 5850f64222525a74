import { placeOf } from '../plan/commandline.ts';
import type { Change, Plan, Step } from '../plan/plan.ts';
import { elide, withoutNumbers } from './elide.ts';
import { renderFindings } from './finding.ts';
import { renderPlace } from './place.ts';
import type { View } from './style.ts';
import { table } from './table.ts';
import { count, hanging, inert } from './text.ts';

/**
 * The plan as shown before confirmation and by --dry-run: where, what, the findings, and what changes, which is last because it is
 * what is confirmed. The steps are for -v: they repeat the table. The same object runs, so nothing here is computed anew.
 */
export function renderPlan(raw: Plan, view: View): string {
  const plan = inert(raw);
  const sections = [
    [renderPlace(plan.cluster, plan.target.namespace, view), ...headline(plan, view)].join('\n'),
    findingSection(plan, view),
    changeSection(plan.changes, view),
    view.verbose === true ? stepSection(plan, view) : '',
    footer(plan, view),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** What resumes says so first; the sentence that it was begun with tells the whole of it. */
function headline({ resume, summary }: Plan, { width }: View): readonly string[] {
  const sentences = resume === undefined ? [summary] : [resume.summary, summary];
  return sentences.flatMap((sentence) => hanging(capitalise(sentence), width, ''));
}

function changeSection(changes: readonly Change[], { style, width, wide }: View): string {
  if (changes.length === 0) return '';
  const shown = wide ? changes.map((item) => ({ item })) : elide(changes, ({ kind, after }) => `${kind} ${withoutNumbers(after)}`);
  const rows = shown.map((entry) =>
    'item' in entry
      ? [SHORT[entry.item.kind] ?? entry.item.kind, entry.item.name, entry.item.before, entry.item.after]
      : ['', `… ${entry.more} more`, '', withoutOrdinal(entry.like.after)],
  );
  const columns = [
    { header: 'KIND' },
    { header: 'NAME' },
    { header: 'BEFORE', flexible: true as const },
    { header: 'AFTER', wraps: true as const, paint: (text: string) => (LOSS.test(text) ? style.bad(text) : text) },
  ];
  return table(columns, rows, { headers: true, width });
}

/** As kubectl and people call them. */
const SHORT: Readonly<Partial<Record<Change['kind'], string>>> = { PersistentVolumeClaim: 'PVC', PersistentVolume: 'PV' };

/** Words that say that data or an object is lost. */
const LOSS = /\b(deleted|destroyed|lost)\b/i;

function withoutOrdinal(after: string): string {
  return after.replace(/\s*\b\d+(st|nd|rd|th)\b/g, '');
}

function stepSection({ steps, from }: Plan, { style, width, wide }: View): string {
  const digits = String(steps.length).length;
  const start = startOf({ steps, from });
  const numbered = steps.map((step, index) => ({ step, index }));
  const shown = wide ? numbered.map((item) => ({ item })) : elide(numbered.slice(start), ({ step }) => groupOf(step));
  const line = ({ step, index }: (typeof numbered)[number]): readonly string[] => {
    const mark = index < start ? ' (done)' : step.section !== undefined ? ' (cannot be interrupted)' : '';
    const lines = hanging(`${step.title}${mark}`, width, `  ${String(index + 1).padStart(digits)}  `);
    return index < start ? lines.map(style.faint) : lines;
  };
  const lines = shown.flatMap((entry) =>
    'item' in entry ? line(entry.item) : [style.faint(`  ${'…'.padStart(digits)}  ${entry.more} more`)],
  );
  const resumed = start > 0 ? ` (resuming at step ${start + 1})` : '';
  return [style.strong(`${count(steps.length, 'step')}${resumed}`), ...lines].join('\n');
}

function groupOf(step: Step): string {
  return step.id.replace(/\/.*$/, '');
}

function findingSection(plan: Plan, view: View): string {
  const { findings, allowed } = plan;
  const overridden = allowed.length === 0 ? '' : `${view.style.warn('overridden')} ${allowed.join(', ')}`;
  const found = renderFindings(findings, { place: placeOf(plan), override: false, evidence: view.verbose === true }, view);
  return [overridden, found].filter((part) => part !== '').join('\n');
}

/** What a script needs, and how long it takes. */
function footer(plan: Plan, { style, width }: View): string {
  const start = startOf(plan);
  const steps = `${count(plan.steps.length, 'step')}${start > 0 ? `, resuming at step ${start + 1}` : ''}`;
  const parts = [`plan ${plan.digest}`, steps, ...(plan.archive === '' ? [] : [`manifest saved in Secret ${plan.archive}`])];
  const [first = '', ...rest] = hanging(parts.join(' · '), width, '');
  return [first.replace(/^plan/, style.strong), ...rest].join('\n');
}

/** How to confirm the plan of a dry run. */
export function renderConfirmation({ consent, target, digest }: Plan, { style }: View): string {
  const name = `${target.namespace === '' ? '' : `${target.namespace}/`}${consent.kind === 'typed' ? consent.name : ''}`;
  return [
    consent.kind === 'yes-no'
      ? 'Confirmation required. Non-interactive: --yes'
      : `Confirmation required: type the name. Non-interactive: --confirm ${inert(name)}`,
    style.faint(`To confirm only this exact plan: --confirm plan:${digest}`),
  ].join('\n');
}

function startOf({ steps, from }: Pick<Plan, 'steps'> & { readonly from?: string | undefined }): number {
  return from === undefined
    ? 0
    : Math.max(
        0,
        steps.findIndex((step) => step.id === from),
      );
}

/** What is confirmed, as one sentence. */
export function headlineOf({ resume, summary }: Pick<Plan, 'resume' | 'summary'>): string {
  return capitalise(resume === undefined ? summary : resume.summary);
}

function capitalise(sentence: string): string {
  const [first = ''] = sentence;
  return `${first.toUpperCase()}${sentence.slice(first.length)}`;
}
