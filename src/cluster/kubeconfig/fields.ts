import { CannotError } from '../../domain/errors.ts';

/** A mapping in a kubeconfig, with typed access. A value of the wrong type is an error that names file and field, as in kubectl. */
export class Fields {
  readonly #raw: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path: string) {
    this.#file = file;
    this.#path = path;
    this.#raw = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof this.#raw !== 'object' || Array.isArray(this.#raw)) throw this.#wrong('', 'a mapping');
  }

  string(name: string): string {
    const value = this.#raw[name] ?? '';
    if (typeof value !== 'string') throw this.#wrong(name, 'text (put it in quotes)');
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#raw[name] ?? false;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  strings(name: string): readonly string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw this.#wrong(name, 'a list of texts (put them in quotes)');
      return value;
    });
  }

  list(name: string): readonly unknown[] {
    const value = this.#raw[name] ?? [];
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value;
  }

  has(name: string): boolean {
    return this.#raw[name] !== undefined && this.#raw[name] !== null;
  }

  all(): unknown {
    return this.#raw;
  }

  keys(): readonly string[] {
    return Object.keys(this.#raw);
  }

  fields(name: string): Fields {
    return new Fields(this.#raw[name], this.#file, this.#at(name));
  }

  items(name: string): readonly Fields[] {
    return this.list(name).map((value, index) => new Fields(value, this.#file, this.#at(`${name}[${index}]`)));
  }

  /** The list `name` of `{name, [inner]: …}` entries, as Fields of the inner ones. A name twice in one file is an error, as in kubectl. */
  named(name: string, inner: string): ReadonlyMap<string, Fields> {
    const entries = new Map<string, Fields>();
    for (const entry of this.items(name)) {
      const key = entry.string('name');
      if (entries.has(key)) throw new CannotError(`kubeconfig ${this.#file}: the name "${key}" is twice in ${name}`);
      entries.set(key, entry.fields(inner));
    }
    return entries;
  }

  #at(name: string): string {
    return this.#path === '' ? name : name === '' ? this.#path : `${this.#path}.${name}`;
  }

  #wrong(name: string, expected: string): CannotError {
    return new CannotError(`kubeconfig ${this.#file}: ${this.#at(name) || 'the file'} must be ${expected}`);
  }
}
