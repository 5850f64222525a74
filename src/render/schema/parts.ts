import Type, { type TProperties } from 'typebox';

/**
 * JSON Schemas of what is printed, written with typebox. Nothing that prints imports this folder: the schemas are for
 * those who read our output; tools/schemas.ts writes them to schemas/, a test holds every renderer to them.
 */

/** An object that has these properties and no others: a new field must be entered here to be a contract. */
export const closed = (properties: TProperties) => Type.Object(properties, { additionalProperties: false });
export const optional = Type.Optional;
export const text = Type.String;
export const time = (description: string) => Type.String({ description: `${description}; RFC 3339, server's clock` });
export const list = Type.Array;
export const oneOf = (...values: readonly string[]) => Type.Enum([...values]);
export const number = Type.Integer;
export const flag = Type.Boolean;
/** Data whose shape is the operation's own, and may grow. */
export const open = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });
/** Something with a tag; what else it holds may grow. */
export const tagged = (tag: string, description: string) =>
  Type.Object({ [tag]: Type.String() }, { description, additionalProperties: true });

export const operationName = Type.String({ description: 'Id of an operation: its command, and a key of options.json' });
export const severity = oneOf('blocks', 'warns', 'notes');
export const override = oneOf('allow', 'never');

export const cluster = closed({
  context: text({ description: 'Empty where no kubeconfig could be read' }),
  server: text({ description: 'Empty where no kubeconfig could be read' }),
  identity: text({
    description: 'UID of namespace kube-system, or what stands for it where that may not be read; empty where the server did not answer',
  }),
  flags: list(text(), { description: 'Connection flags as printed commands repeat them; no token' }),
});
export const target = closed({
  resource: optional(text({ description: 'Plural, such as persistentvolumeclaims; absent for a StatefulSet' })),
  namespace: text({ description: 'Empty where no kubeconfig could be read' }),
  name: text(),
  node: optional(text({ description: 'The node that evidence is read of, where that is not the object itself' })),
});

const subject = closed({ kind: text(), name: text(), namespace: optional(text()) });

export const evidence = closed({ object: text(), field: text(), value: text() });

const findingProperties = {
  id: text({ description: 'Stable; kubectl sts-safe explain ID tells more, --allow ID overrides it where that is allowed' }),
  severity,
  grade: oneOf('proven', 'likely', 'unknown', 'contradicted'),
  subject,
  message: text(),
  evidence: list(evidence),
  remedies: list(
    Type.Union([
      closed({
        do: oneOf('operation'),
        operation: text({ description: 'A command of the plugin' }),
        subject: optional(subject),
        options: open('As it takes them'),
        why: optional(text()),
      }),
      closed({ do: oneOf('kubectl'), args: list(text()), why: optional(text()) }),
    ]),
  ),
  override,
};
export const finding = closed(findingProperties);

/** What doctor finds: about which sets, and what to type. */
export const diagnosed = closed({
  ...findingProperties,
  sets: list(closed({ namespace: text(), name: text() }), { description: 'The StatefulSets that it is about' }),
  commands: list(text(), { description: 'The remedies as command lines' }),
});

/** A document of its own, with its version and kind. */
export const document = (kind: string, description: string, properties: TProperties) =>
  Type.Object(
    { apiVersion: Type.Literal('sts-safe.dev/v1'), kind: Type.Literal(kind), ...properties },
    { additionalProperties: false, description },
  );
