/** What each Pod is asked, through the API server. */
export type Probe =
  | { readonly scheme: 'http' | 'https'; readonly port: number; readonly path: string }
  | { readonly scheme: 'tcp'; readonly port: number };

/** `http:8080/healthz`, `https:8443/`, `tcp:5432`; undefined for anything else. */
export function parseProbe(text: string): Probe | undefined {
  const [, scheme, digits, path] = /^(https?|tcp):(\d{1,5})(\/[\x21-\x7e]*)?$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  if (scheme === 'tcp') return path === undefined ? { scheme, port } : undefined;
  return { scheme: scheme === 'https' ? 'https' : 'http', port, path: path ?? '/' };
}
