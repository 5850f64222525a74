const WARNING = /299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Texts of the server's `Warning: 299 - "…"` headers (deprecated APIs, unknown fields, Pod security), which Node joins by commas. */
export function parseWarnings(header: string | undefined): readonly string[] {
  return Array.from((header ?? '').matchAll(WARNING), (match) => (match[1] ?? '').replaceAll(/\\(.)/g, '$1'));
}
