import { type Document, LineCounter, type ParsedNode, parseAllDocuments, parseDocument } from 'yaml';

export interface YamlFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const TIMESTAMP = 'tag:yaml.org,2002:timestamp';

/**
 * YAML as plain values, read as kubectl reads it: YAML 1.1, where a bare `no` or `y` is no text, but dates are. A module of its
 * own that is loaded only when it is needed (a kubeconfig, a file of the user's): the parser costs some 35 ms of a start.
 *
 * @param duplicates whether a key may be there twice; the last one counts then
 */
export function parseYaml(text: string, duplicates = false): { readonly value: unknown } | { readonly fault: YamlFault } {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...asKubectl(lines), uniqueKeys: !duplicates });
  const fault = faultOf(document, lines);
  return fault === undefined ? { value: document.toJS({ maxAliasCount: 100 }) } : { fault };
}

/** The same of a stream of documents; empty ones are left out. */
export function parseYamlStream(text: string): { readonly values: readonly unknown[] } | { readonly fault: YamlFault } {
  const lines = new LineCounter();
  const documents = [parseAllDocuments(text, asKubectl(lines))].flat() as readonly Document<ParsedNode>[];
  const [fault] = documents.flatMap((document) => faultOf(document, lines) ?? []);
  if (fault !== undefined) return { fault };
  return { values: documents.map((document) => document.toJS({ maxAliasCount: 100 }) as unknown).filter((value) => value !== null) };
}

function asKubectl(lineCounter: LineCounter) {
  return {
    version: '1.1',
    customTags: (tags: readonly unknown[]) =>
      tags.filter((tag) => typeof tag === 'string' || (tag as { readonly tag: string }).tag !== TIMESTAMP) as never,
    lineCounter,
    prettyErrors: false,
  } as const;
}

function faultOf({ errors: [error] }: Pick<Document, 'errors'>, lines: LineCounter): YamlFault | undefined {
  if (error === undefined) return undefined;
  const { line, col } = lines.linePos(error.pos[0]);
  return { message: error.message, line, column: col };
}
