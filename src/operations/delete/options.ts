import Type, { type Static } from 'typebox';

/** What `delete` is asked to do; stored in the archive, so that a resumed delete plans the same. */
export const deleteOptions = Type.Object({
  withService: Type.Optional(Type.Boolean({ description: 'Delete the governing Service too' })),
  deleteClaims: Type.Optional(Type.Boolean({ description: "Delete the set's PVCs, with their data" })),
  withoutSecrets: Type.Optional(
    Type.Boolean({ description: 'Secrets may not be written: the manifest is kept in a file alone', incidental: 'found' }),
  ),
});

export type DeleteOptions = Readonly<Static<typeof deleteOptions>>;
