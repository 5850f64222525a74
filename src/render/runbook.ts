import type { RunResult, StepOutcome, StepResult } from '../plan/run-result.ts';
import { duration } from './duration.ts';
import type { Style, View } from './style.ts';
import { type Column, table } from './table.ts';
import { safe } from './text.ts';

/** Where a step stands in its runbook. */
export interface StepTitle {
  readonly name: string;
  /** What it does, in words. */
  readonly deed: string;
  /** From 1. */
  readonly number: number;
  readonly total: number;
}

/** `Step 2 of 5 · upgrade: rollout start db`. */
export function stepLine({ name, deed, number, total }: StepTitle, { style }: View): string {
  return `\n${style.strong(`Step ${number} of ${total} · ${name}`)}: ${safe(deed)}`;
}

/** A line a step, and how it ended, with the command that goes on. */
export function renderRun({ steps, message, resumeCommand, outcome }: RunResult, { style, width }: View): string {
  const columns: readonly Column[] = [
    { header: 'STEP' },
    { header: 'ACTION' },
    { header: 'RESULT', paint: (text) => paintOf(style, text.trim() as StepOutcome)(text) },
    { header: 'TIME' },
    { header: 'DETAILS', flexible: true },
  ];
  const rows = steps.map((step) => [step.name, step.verb, step.outcome, timeOf(step), safe(step.message.split('\n')[0] ?? '')]);
  const end = outcome === 'done' ? style.good(message) : style.bad(message);
  return [
    table(columns, rows, { headers: true, width }),
    '',
    end,
    ...(resumeCommand === undefined ? [] : [`resume  ${style.accent(safe(resumeCommand))}`]),
  ].join('\n');
}

const timeOf = ({ seconds }: StepResult): string => (seconds === undefined ? '-' : duration(seconds * 1000));

function paintOf(style: Style, outcome: StepOutcome): (text: string) => string {
  if (outcome === 'done' || outcome === 'skipped') return style.good;
  return outcome === 'not-run' ? style.faint : style.bad;
}
