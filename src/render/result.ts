import { placeOf } from '../plan/commandline.ts';
import type { Step } from '../plan/plan.ts';
import type { OperationResult, Outcome } from '../plan/result.ts';
import { condense } from './condense.ts';
import { renderFindings } from './finding.ts';
import type { Style, View } from './style.ts';
import { hanging, inert } from './text.ts';

/**
 * What an operation ended with. Done: the sentence and what was verified. Stopped part-way (exit 4, or 130 after the
 * first write): what is done, what remains, the command that resumes it, the one that cancels it.
 *
 * @param steps of the plan that was carried out: people read titles where a document has ids
 */
export function renderResult(raw: OperationResult, steps: readonly Pick<Step, 'id' | 'title'>[], view: View): string {
  const titles = new Map(steps.map(({ id, title }) => [id, title]));
  const result = inert({ ...raw, ...inTitles(raw, titles) });
  const { style, width } = view;
  const head = hanging(result.message, width, '').map((line, index) => (index === 0 ? paintOf(result.outcome, style)(line) : line));
  const place = placeOf(result);
  return [
    ...head,
    ...result.verified.flatMap((sentence) => hanging(sentence, width, result.outcome === 'dry-run' ? '  tried     ' : '  verified  ')),
    ...(result.warnings ?? []).flatMap((sentence) => hanging(sentence, width, '  warning   ').map(style.warn)),
    ...(onTheWay(result) ? wayOn(result, view) : wayBack(result, view)),
    ...(result.findings.length === 0
      ? []
      : ['', renderFindings(result.findings, { place, override: result.outcome === 'refused', evidence: view.verbose === true }, view)]),
    ...(result.exitCode === 3 || result.exitCode === 1 ? ['Nothing was changed.'] : []),
  ].join('\n');
}

type Steps = Pick<OperationResult, 'done' | 'started' | 'remaining'>;

/** A step that is written is listed by itself: it is neither done nor to be written again. */
function inTitles({ done, started, remaining }: Steps, titles: ReadonlyMap<string, string>): Steps {
  const titled = (ids: readonly string[]): readonly string[] => ids.map((id) => titles.get(id) ?? id);
  const [now] = titled(started === undefined ? [] : [started]);
  return {
    done: titled(done),
    ...(now === undefined ? {} : { started: now }),
    remaining: titled(remaining.filter((id) => id !== started)),
  };
}

function onTheWay(result: OperationResult): boolean {
  return result.outcome === 'paused' || result.outcome === 'stopped' || result.outcome === 'failed';
}

function wayOn(result: OperationResult, view: View): readonly string[] {
  const { style } = view;
  return [
    ...listed('done', result.done, view),
    ...(result.started === undefined ? [] : listed('started', [result.started], view)),
    ...listed('remaining', result.remaining, view),
    ...(result.resumeCommand === undefined ? [] : [`  resume     ${style.accent(result.resumeCommand)}`]),
    ...(result.cancelCommand === undefined ? [] : [`  cancel     ${style.accent(result.cancelCommand)}`]),
  ];
}

/** `restore` after a deletion: by the command's own word. */
function wayBack({ cancelCommand }: OperationResult, { style }: View): readonly string[] {
  if (cancelCommand === undefined) return [];
  const [, , word = ''] = cancelCommand.split(' ');
  return [`  ${word.padEnd(9)} ${style.accent(cancelCommand)}`];
}

function listed(title: string, items: readonly string[], { style, width, wide }: View): readonly string[] {
  if (items.length === 0) return [`  ${title.padEnd(9)}  ${style.faint('nothing')}`];
  const lines = wide ? items : condense(items);
  return lines.flatMap((line, index) => hanging(line, width, `  ${(index === 0 ? title : '').padEnd(9)}  `));
}

function paintOf(outcome: Outcome, style: Style): (text: string) => string {
  switch (outcome) {
    case 'done':
    case 'nothing-to-do':
    case 'paused':
      return style.good;
    case 'dry-run':
    case 'declined':
      return style.strong;
    case 'stopped':
      return style.warn;
    case 'refused':
    case 'failed':
      return style.bad;
  }
}
