import Type from 'typebox';
import {
  closed,
  cluster,
  document,
  finding,
  flag,
  list,
  number,
  oneOf,
  open,
  operationName,
  optional,
  tagged,
  target,
  text,
  time,
} from './parts.ts';

const step = closed({
  id: text({ description: 'Deterministic, such as scale-down/3' }),
  title: text(),
  action: tagged('do', 'write, wait or pause'),
  preconditions: list(tagged('is', 'Must hold on a fresh read right before the step')),
  verify: list(tagged('is', 'Must hold after it')),
  unless: optional(tagged('is', 'Ends its wait too: then the plan is made again')),
  fallback: optional(
    closed({
      delete: closed({ resource: text(), namespace: optional(text()), name: text() }),
      when: tagged('is', 'Deleted by us while this holds'),
    }),
  ),
  leaves: optional(number()),
  ifStopped: optional(oneOf('continues', 'final')),
  group: optional(text({ description: 'A failure stops the rest of its group alone' })),
  section: optional(text({ description: 'Steps of one section are not interrupted' })),
  timeoutMs: Type.Number(),
});

const consent = Type.Union([closed({ kind: Type.Literal('yes-no') }), closed({ kind: Type.Literal('typed'), name: text() })]);

export const planProperties = {
  schema: Type.Literal(1),
  journal: optional(Type.Literal('none')),
  operation: operationName,
  cancels: optional(text({ description: 'Of a cancel: id of the operation that it cancels' })),
  cluster,
  target,
  options: open('As asked for'),
  allowed: list(text({ description: 'Findings overridden with --allow' })),
  summary: text(),
  findings: list(finding),
  changes: list(
    closed({
      kind: text({ description: 'Kind of the object, or field for a row about a field of the StatefulSet' }),
      name: text(),
      before: text(),
      after: text(),
    }),
  ),
  basedOn: list(closed({ object: text(), uid: text(), fields: open('Exactly what the plan read of it') })),
  steps: list(step),
  from: optional(text({ description: 'Step at which a resumed operation continues' })),
  resume: optional(
    closed({
      startedBy: text({ description: 'user@host of who ran it last' }),
      startedAt: time('Started'),
      phase: oneOf('running', 'stopped', 'paused'),
      summary: text({ description: 'What is resumed and what is left' }),
    }),
  ),
  during: optional(open('What nobody else may change in the meantime')),
  replan: optional(Type.Literal('eachStep')),
  consent,
  putBack: open('What cancel puts back'),
  archive: text({ description: 'Name of the Secret' }),
  digest: text({ description: 'For --confirm plan:DIGEST' }),
};

export const plan = document('Plan', 'What an operation would do: --dry-run -o json', planProperties);

export const refusal = document('Refusal', 'Refused before the first write; exit code 3', {
  outcome: Type.Literal('refused'),
  operation: operationName,
  target,
  cluster,
  message: text(),
  findings: list(finding),
});

export const resultProperties = {
  operation: operationName,
  target,
  cluster,
  outcome: oneOf('done', 'nothing-to-do', 'dry-run', 'refused', 'declined', 'paused', 'stopped', 'failed'),
  exitCode: Type.Enum([0, 1, 2, 3, 4, 130]),
  message: text(),
  hint: optional(text({ description: 'What would help, where it ended before the first write' })),
  digest: optional(text()),
  done: list(text()),
  started: optional(text({ description: 'The first of the remaining steps, where it is written and not verified' })),
  remaining: list(text()),
  findings: list(finding),
  resumeCommand: optional(text({ description: 'Command line that resumes it' })),
  cancelCommand: optional(text({ description: 'Command line that cancels it' })),
  warnings: optional(list(text({ description: 'What came out otherwise than it was' }))),
  verified: list(text()),
};

export const operationResult = document('OperationResult', 'How an operation ended', resultProperties);

const at = { time: text({ description: "RFC 3339, server's clock" }) };
const event = (type: string, description: string, properties: Parameters<typeof closed>[0]) =>
  document('Event', description, { type: Type.Literal(type), ...at, ...properties });
const complaint = { message: text() };

/** `--progress json`: one of these a line on stderr. */
export const events = Type.Union([
  event('operation-started', 'The first', { plan: closed(planProperties) }),
  event('step-started', 'A step begins', { id: text(), title: text(), index: number(), total: number() }),
  event('step-note', 'What a step waits for; replaces the one before', { id: text(), ...complaint }),
  event('step-finished', 'A step is done and verified', { id: text(), title: text(), tookMs: Type.Number(), already: flag() }),
  event('step-failed', 'A step is not done', { id: text(), title: text(), ...complaint }),
  event('warning', 'Worth knowing', { ...complaint, finding: optional(finding) }),
  event('stop-deferred', 'Ctrl-C came where it cannot be obeyed yet', complaint),
  event('stopping', 'Ctrl-C is obeyed', complaint),
  event('operation-finished', 'The last', { result: closed(resultProperties) }),
]);
