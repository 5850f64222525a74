import { placeOf } from '../plan/commandline.ts';
import type { Change, Consent, Plan, Step } from '../plan/plan.ts';
import { elide, withoutNumbers } from './elide.ts';
import { renderFindings } from './finding.ts';
import { renderPlace } from './place.ts';
import type { View } from './style.ts';
import { table } from './table.ts';
import { count, hanging, inert } from './text.ts';

/**
 * The plan as shown before consent and by --dry-run: where, what, what becomes of everything, the steps, what was
 * found, and how to say yes. The same object runs, so nothing here is computed anew.
 */
export function renderPlan(raw: Plan, view: View): string {
  const plan = inert(raw);
  const sections = [
    [renderPlace(plan.cluster, plan.target.namespace, view), ...headline(plan, view)].join('\n'),
    changeSection(plan.changes, view),
    stepSection(plan, view),
    findingSection(plan, view),
    consentSection(plan, view),
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
  const start =
    from === undefined
      ? 0
      : Math.max(
          0,
          steps.findIndex((step) => step.id === from),
        );
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
  const passed = allowed.length === 0 ? '' : `${view.style.warn('allowed')} ${allowed.join(', ')}`;
  const found = renderFindings(findings, { place: placeOf(plan), override: false }, view);
  return [passed, found].filter((part) => part !== '').join('\n');
}

function consentSection(plan: Plan, { style }: View): string {
  return [
    `${style.strong('plan')} ${plan.digest}${plan.archive === '' ? '' : ` · archive ${plan.archive}`}`,
    `${consentWords(plan.consent)}; ${style.faint(`in a script: ${scriptFlag(plan)}`)}`,
    style.faint(`exactly this plan and no other: --confirm plan:${plan.digest}`),
  ].join('\n');
}

function consentWords(consent: Consent): string {
  return consent.kind === 'yes-no' ? 'asks yes or no' : `asks for the name ${consent.name} to be typed`;
}

/** The flag that gives this consent without a terminal. */
function scriptFlag({ consent, target }: Plan): string {
  return consent.kind === 'yes-no' ? '--yes' : `--confirm ${target.namespace === '' ? '' : `${target.namespace}/`}${consent.name}`;
}

function capitalise(sentence: string): string {
  const [first = ''] = sentence;
  return `${first.toUpperCase()}${sentence.slice(first.length)}`;
}
