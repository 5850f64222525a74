type Raw = Readonly<Record<string, unknown>>;

/** Prefix of the annotations and labels of this program. */
const OURS = 'sts-safe.dev/';

/** Metadata without what this program marks objects with: no part of what the user's object was. */
export function withoutMarks(metadata: Raw): Raw {
  const { annotations, labels, ...rest } = metadata;
  return { ...rest, ...unmarked('annotations', annotations), ...unmarked('labels', labels) };
}

/** A map that held nothing else is left out. */
function unmarked(key: string, map: unknown): Raw {
  if (map === undefined) return {};
  const kept = Object.entries(map as Raw).filter(([name]) => !name.startsWith(OURS));
  return kept.length === 0 ? {} : { [key]: Object.fromEntries(kept) };
}
