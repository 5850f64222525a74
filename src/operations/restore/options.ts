import Type, { type Static } from 'typebox';

/** What `restore` is asked to do. */
export const restoreOptions = Type.Object({
  archive: Type.Optional(Type.String({ description: 'Archive to restore from; default the newest of a deletion' })),
  adopt: Type.Optional(Type.Boolean({ description: 'Take over the running Pods of that name, when they match' })),
});

export type RestoreOptions = Readonly<Static<typeof restoreOptions>>;
