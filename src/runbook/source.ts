import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';

/** What is wrong with a runbook, and where; lines and columns count from 1. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

export type Path = readonly (string | number)[];

/** The text of a runbook, with the place of every value in it. YAML 1.2: `no` is a word, as in the shell. */
export class Source {
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** Where it is no YAML. */
  get faults(): readonly Fault[] {
    return this.#document.errors.map(({ message, pos }) => ({ ...this.#place(pos[0]), message }));
  }

  get value(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 });
  }

  /** A fault of the value at this path, or of the nearest one around it that there is. */
  fault(path: Path, message: string, hint?: string): Fault {
    return { ...this.#place(this.#offsetOf(path)), message, ...(hint === undefined ? {} : { hint }) };
  }

  /** The same of the key. */
  faultOfKey(path: Path, message: string, hint?: string): Fault {
    const map = this.#document.getIn(path.slice(0, -1), true);
    const pair = isMap(map) ? map.items.find(({ key }) => String(key) === String(path.at(-1))) : undefined;
    const key = isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : undefined;
    return { ...this.#place(key ?? this.#offsetOf(path)), message, ...(hint === undefined ? {} : { hint }) };
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }

  #place(offset: number): Pick<Fault, 'line' | 'column'> {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
