import Type, { type Static } from 'typebox';

/** What `pvc retire` is asked to do. */
export const retireOptions = Type.Object({
  names: Type.Array(Type.String(), { description: 'Of PVCs' }),
  deletedSets: Type.Optional(Type.Boolean({ description: 'Every PVC whose StatefulSet is deleted' })),
  excess: Type.Optional(Type.Boolean({ description: 'Every PVC beyond all known replica counts of its StatefulSet' })),
  quarantine: Type.Optional(Type.String({ description: 'Mark first, and retire in a run that comes this much later, such as 7d' })),
  unusedFor: Type.Optional(Type.String({ description: 'Only what is known to be unused for this long, such as 30d' })),
});

export type RetireOptions = Readonly<Static<typeof retireOptions>>;
