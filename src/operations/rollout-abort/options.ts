import Type, { type Static } from 'typebox';

/** What `rollout abort` is asked to do. */
export const abortOptions = Type.Object({
  toRevision: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Number of the revision to restore (rollout history); default the one before the rollout' }),
  ),
  baseline: Type.Optional(Type.String({ description: 'Name of the ControllerRevision that it restores', incidental: 'found' })),
});

export type AbortOptions = Readonly<Static<typeof abortOptions>>;
