import Type, { type Static } from 'typebox';
import { gateOptions } from '../gates.ts';
import { MILLISECONDS } from '../timeouts.ts';

const points = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

/** How a rollout goes, whatever it rolls out; stored in its archive, so that whoever resumes it plans the same. */
export const pace = {
  steps: points('How many Pods run the new revision after each step: 1, 50%, 100%'),
  pauseAt: points('Steps after which it pauses'),
  soak: Type.Optional(
    Type.String({ pattern: MILLISECONDS, description: 'How long each updated Pod must stay Ready without a restart before the next' }),
  ),
  restartBudget: Type.Optional(Type.Integer({ minimum: 0, description: 'Restarts that each updated Pod may have; default 3' })),
  ...gateOptions,
  lost: Type.Optional(
    Type.Array(Type.String(), { description: 'What the running Pods need and is gone, such as serviceaccount/db', incidental: 'found' }),
  ),
  template: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'The new Pod template as the server stores it', incidental: 'found' }),
  ),
};

export const startOptions = Type.Object({
  image: Type.Optional(Type.Array(Type.String(), { description: 'CONTAINER=IMAGE' })),
  patch: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Strategic merge patch of spec.template' })),
  manifest: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'StatefulSet whose spec.template it gets' })),
  ...pace,
});
export type StartOptions = Readonly<Static<typeof startOptions>>;

export const undoOptions = Type.Object({
  toRevision: Type.Optional(Type.Integer({ minimum: 1, description: 'Number of the revision to go back to; default the one before' })),
  ...pace,
});
export type UndoOptions = Readonly<Static<typeof undoOptions>>;

export const restartOptions = Type.Object({ ...pace });
export type RestartOptions = Readonly<Static<typeof restartOptions>>;

/** What the plan of every rollout reads. */
export type Pace = RestartOptions;

/** Milliseconds. */
export function soakOf({ soak }: Pace): number {
  return soak === undefined ? 0 : Number.parseInt(soak, 10);
}

export function restartsOf({ restartBudget }: Pace): number {
  return restartBudget ?? 3;
}
