import { LineCounter, parseDocument } from 'yaml';

export interface YamlFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Any YAML as plain values. A module of its own, loaded only when needed: the parser costs about 25 ms of start-up. */
export function parseYaml(text: string): { readonly value: unknown } | { readonly fault: YamlFault } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error === undefined) return { value: document.toJS({ maxAliasCount: 100 }) };
  const { line, col } = lines.linePos(error.pos[0]);
  return { fault: { message: error.message, line, column: col } };
}
