import Type, { type Static } from 'typebox';
import { ATTESTATIONS } from '../../domain/node-signs.ts';

/** What a person vouches for before anything is taken from a node. */
export const fenceOptions = Type.Object({
  attest: Type.Enum([...ATTESTATIONS], { description: 'What is known of the machine' }),
  evidence: Type.String({ minLength: 1, maxLength: 1000, description: 'How it is known; kept on the node' }),
});

export type FenceOptions = Readonly<Static<typeof fenceOptions>>;
