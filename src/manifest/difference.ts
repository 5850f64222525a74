/**
 * Paths of fields that were sent and are not in what the server stored, or are there with another value. Fields that the
 * server added (defaults) are no loss.
 * @param path name of the root for messages, e.g. `spec`
 */
export function lostFields(sent: unknown, kept: unknown, path: string): readonly string[] {
  if (Array.isArray(sent)) {
    if (!Array.isArray(kept) || kept.length !== sent.length) return [path];
    return sent.flatMap((item, index) => lostFields(item, kept[index], `${path}[${index}]`));
  }
  if (typeof sent === 'object' && sent !== null) {
    if (typeof kept !== 'object' || kept === null) return [path];
    return Object.entries(sent).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : lostFields(value, (kept as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  return sent === kept ? [] : [path];
}
