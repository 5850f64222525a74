/**
 * The plain part of YAML that kubeconfigs are written in, by kubectl, kind, kubeadm and the clouds: block mappings and
 * lists, scalars on one line. It saves the 25 ms that loading and warming the real parser costs at every start. Whatever
 * it is not sure about it leaves to that parser; a property test holds the two together.
 *
 * @returns undefined for a text that may be anything else than plain
 */
export function parsePlainYaml(text: string): { readonly value: unknown } | undefined {
  if (!/^[\x20-\x7e\n]*$/.test(text)) return undefined;
  const lines = text.split('\n').filter((line) => !/^ *(?:#.*)?$/.test(line));
  try {
    const parser = new PlainParser(lines);
    return lines.length === 0 ? undefined : { value: parser.document() };
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

const NOT_PLAIN = new Error('not plain YAML');

const KEY = /^([A-Za-z][A-Za-z0-9_./-]*):(?: +(.*))?$/;
const PLAIN = /^[A-Za-z0-9/.+-][A-Za-z0-9 _./+=@,~:%()&!*?-]*$/;
const QUOTED = /^"([^"\\]*)"$|^'([^']*)'$/;
const CONSTANTS: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['true', () => true],
  ['false', () => false],
  ['null', () => null],
  ['{}', () => ({})],
  ['[]', () => []],
]);
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;
/** Plain scalars that are or might be something else than text: words, numbers, a mapping, a list. */
const NOT_TEXT = [RESERVED, /^[-+]?[.\d][\da-f.xo_:+-]*$/i, /^[-+]?\.(?:inf|nan)$/i, /: |:$/, /^-(?: |$)/];

class PlainParser {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  document(): unknown {
    const value = this.#mapping(0, undefined);
    if (this.#at < this.#lines.length) throw NOT_PLAIN;
    return value;
  }

  /** @param first what follows a dash on the current line: the mapping's first entry */
  #mapping(indent: number, first: string | undefined): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (let text = first ?? this.#textAt(indent); text !== undefined; text = this.#textAt(indent)) {
      const match = KEY.exec(text);
      const [, key = '', scalar] = match ?? [];
      if (match === null || RESERVED.test(key) || Object.hasOwn(value, key)) throw NOT_PLAIN;
      this.#at += 1;
      value[key] = scalar === undefined || scalar === '' ? this.#nested(indent) : this.#scalar(scalar, indent);
    }
    return value;
  }

  #list(indent: number): unknown[] {
    const value: unknown[] = [];
    for (let text = this.#textAt(indent); text?.startsWith('- '); text = this.#textAt(indent)) {
      const spaces = /^- +/.exec(text)?.[0].length ?? 0;
      const rest = text.slice(spaces);
      if (KEY.test(rest)) value.push(this.#mapping(indent + spaces, rest));
      else {
        this.#at += 1;
        value.push(this.#scalar(rest, indent));
      }
    }
    return value;
  }

  /** What stands under a key without a value of its own. A list may be as far left as its key. */
  #nested(indent: number): unknown {
    const next = this.#lines[this.#at];
    if (next === undefined) return null;
    const depth = indentOf(next);
    if (next.startsWith('- ', depth)) return depth >= indent ? this.#list(depth) : null;
    return depth > indent ? this.#mapping(depth, undefined) : null;
  }

  #scalar(text: string, indent: number): unknown {
    const next = this.#lines[this.#at];
    // A deeper line would go on with this scalar.
    if (next !== undefined && indentOf(next) > indent) throw NOT_PLAIN;
    return plainScalar(text);
  }

  /** The current line without its indentation, where that is exactly `indent`; undefined where a block has ended. */
  #textAt(indent: number): string | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined) return undefined;
    const depth = indentOf(line);
    if (depth > indent) throw NOT_PLAIN;
    return depth < indent ? undefined : line.slice(indent);
  }
}

function plainScalar(text: string): unknown {
  const value = text.trimEnd();
  const constant = CONSTANTS.get(value);
  if (constant !== undefined) return constant();
  const quoted = QUOTED.exec(value);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (!PLAIN.test(value) || NOT_TEXT.some((pattern) => pattern.test(value))) throw NOT_PLAIN;
  return value;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
