import Type, { type Static } from 'typebox';

/** What `pvc restore` is asked to do. */
export const claimRestoreOptions = Type.Object({
  names: Type.Array(Type.String(), { description: 'Of the PVC', minItems: 1, maxItems: 1 }),
  pv: Type.Optional(Type.String({ description: 'The PersistentVolume, where several are kept for that name' })),
  swap: Type.Optional(Type.Boolean({ description: 'Replace the PVC of that name, and retire it' })),
});

export type ClaimRestoreOptions = Readonly<Static<typeof claimRestoreOptions>>;
