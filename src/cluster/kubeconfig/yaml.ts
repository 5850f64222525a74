import { LineCounter, parseDocument } from 'yaml';

export interface YamlFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const TIMESTAMP = 'tag:yaml.org,2002:timestamp';

/**
 * Any YAML as plain values, read as kubectl reads it: YAML 1.1, where a bare `no` or `y` is no text, but dates are. A module of its own, loaded only when needed: the parser costs about 25 ms of start-up.
 *
 * @param duplicates whether a key may be there twice; the last one counts then
 */
export function parseYaml(text: string, duplicates = false): { readonly value: unknown } | { readonly fault: YamlFault } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: !duplicates,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== TIMESTAMP),
    lineCounter: lines,
    prettyErrors: false,
  });
  const error = document.errors[0];
  if (error === undefined) return { value: document.toJS({ maxAliasCount: 100 }) };
  const { line, col } = lines.linePos(error.pos[0]);
  return { fault: { message: error.message, line, column: col } };
}
