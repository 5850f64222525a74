const WARNING = /299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Texts of the server's `Warning: 299 - "…"` headers (deprecated APIs, unknown fields, Pod security). */
export function parseWarnings(headers: readonly string[] | undefined): readonly string[] {
  return (headers ?? []).flatMap((header) => Array.from(header.matchAll(WARNING), (match) => (match[1] ?? '').replaceAll(/\\(.)/g, '$1')));
}
