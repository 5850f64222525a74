import Type, { type Static } from 'typebox';

/** What `pvc retire` is asked to do. */
export const retireOptions = Type.Object({
  names: Type.Array(Type.String(), { description: 'Of PVCs' }),
  deletedSets: Type.Optional(Type.Boolean({ description: 'Every PVC whose StatefulSet is deleted' })),
  excess: Type.Optional(Type.Boolean({ description: 'Every PVC beyond all known replica counts of its StatefulSet' })),
});

export type RetireOptions = Readonly<Static<typeof retireOptions>>;
