import Type, { type Static } from 'typebox';
import { fenceOptions } from '../node-fence/options.ts';

/** What a person vouches for, of the node of one Pod. */
export const forceDeleteOptions = Type.Object({
  pod: Type.String({ minLength: 1 }),
  ...fenceOptions.properties,
  uid: Type.Optional(Type.String({ description: 'Of the Pod that is deleted: never another one of its name', incidental: 'found' })),
});

export type ForceDeleteOptions = Readonly<Static<typeof forceDeleteOptions>>;
