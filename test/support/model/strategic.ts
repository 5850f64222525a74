type Raw = Record<string, unknown>;

const isMap = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const nameOf = (item: unknown): unknown => (isMap(item) ? item['name'] : undefined);

/** A strategic merge patch as far as Pod templates need it: maps are merged, lists of named things by their names, null removes. */
export function strategicMerge(before: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && Array.isArray(before) && patch.every((item) => nameOf(item) !== undefined)) {
    const fresh = patch.filter((item) => !before.some((one) => nameOf(one) === nameOf(item)));
    return [...before.map((one) => strategicMerge(one, patch.find((item) => nameOf(item) === nameOf(one)) ?? {})), ...fresh];
  }
  if (!isMap(patch)) return patch;
  const merged: Raw = { ...(isMap(before) ? before : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = strategicMerge(merged[key], value);
  }
  return merged;
}
