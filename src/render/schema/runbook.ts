import Type from 'typebox';
import { resultProperties } from './operation.ts';
import { closed, document, list, number, oneOf, optional, text } from './parts.ts';

const step = closed({
  name: text(),
  verb: oneOf('operation', 'approve', 'wait', 'gate', 'exec', 'command'),
  outcome: oneOf('done', 'skipped', 'failed', 'refused', 'declined', 'stopped', 'not-run'),
  message: text(),
  seconds: optional(number({ description: 'Absent where it did not run' })),
  result: optional(closed(resultProperties)),
});

export const runResult = document('RunResult', 'What a run of a runbook came to', {
  outcome: oneOf('done', 'failed', 'refused', 'declined', 'stopped'),
  exitCode: Type.Enum([0, 1, 3, 4, 130]),
  message: text(),
  steps: list(step),
  journal: text({ description: 'File; empty for a dry run' }),
  resumeCommand: optional(text({ description: 'Command line that resumes it' })),
});
