import { UsageError } from '../domain/errors.ts';
import { goingDown, isPoint } from '../domain/rollout-points.ts';
import { duration, int, list, type Values } from './flag.ts';
import { gateChoice, gateFlags } from './gate-flags.ts';

const most = 1000;

/** How long a rollout watches each Pod: in every command that begins or resumes one. */
export const patienceFlags = {
  soak: duration({
    helpValue: 'TIME',
    otherwise: 'minReadySeconds',
    description: 'How long each new Pod must stay Ready.',
  }),
  'restart-budget': int({
    range: [0, most],
    helpValue: 'N',
    otherwise: '3',
    description: 'Restarts allowed per updated Pod.',
  }),
};

/** How a rollout goes: in every command that begins one. */
export const paceFlags = {
  steps: list({
    commas: true,
    helpValue: 'N|N%,…',
    description: 'Pods on the new revision after each step, such as 1,50%,100%.',
  }),
  'pause-at': list({
    commas: true,
    helpValue: 'N|N%,…',
    description: 'Steps after which to pause and exit 0.',
  }),
  ...patienceFlags,
  ...gateFlags,
};

/**
 * The options that these flags come to.
 * @throws UsageError for steps that are none, or that go down
 */
export function paceOf(flags: Values<typeof paceFlags>): Readonly<Record<string, unknown>> {
  const { steps, 'pause-at': pauseAt } = flags;
  checkPoints('steps', steps ?? []);
  checkPoints('pause-at', pauseAt ?? []);
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(pauseAt === undefined ? {} : { pauseAt }),
    ...patienceOf(flags),
    ...gateChoice(flags),
  };
}

/** The options that these flags come to: no time at all is one, too. */
export function patienceOf({ soak, 'restart-budget': restartBudget }: Values<typeof patienceFlags>): Readonly<Record<string, unknown>> {
  return {
    ...(soak === undefined ? {} : { soak: `${soak}ms` }),
    ...(restartBudget === undefined ? {} : { restartBudget }),
  };
}

function checkPoints(flag: string, points: readonly string[]): void {
  const wrong = points.find((point) => !isPoint(point));
  if (wrong !== undefined)
    throw new UsageError(`invalid value "${wrong}" for --${flag}`, 'write a number of Pods, or a percentage from 1% to 100%: 1,50%,100%');
  const down = goingDown(points);
  if (down !== undefined)
    throw new UsageError(`--${flag} ${points.join(',')} decreases at ${down}`, 'each step updates more Pods than the one before');
}
