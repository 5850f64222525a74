import Type, { type Static } from 'typebox';
import { gateOptions } from '../gates.ts';

/** What `scale` is asked to do; stored in the archive, so that a resumed scale plans the same. */
export const scaleOptions = Type.Object({
  replicas: Type.Integer({ minimum: 0 }),
  currentReplicas: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: "Refuse unless the set has exactly so many now (kubectl's --current-replicas)",
      incidental: 'beginning',
    }),
  ),
  oneByOne: Type.Optional(Type.Boolean({ description: 'Going up one member at a time, each Ready before the next' })),
  ...gateOptions,
});

export type ScaleOptions = Readonly<Static<typeof scaleOptions>>;
