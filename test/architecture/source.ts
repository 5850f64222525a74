import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** A file of src/, read: what it imports and which globals it touches. */
export interface Source {
  /** Relative to src/, with forward slashes. */
  readonly path: string;
  /** As written, `import type` too: a type is a dependency. */
  readonly imports: readonly string[];
  /** Those of them that are loaded with it: neither types, nor what is imported later. */
  readonly loads: readonly string[];
  /** `console`, `process.exit`, `setTimeout` … */
  readonly globals: readonly string[];
  /** Lines that hold code; blank ones and comments are free. */
  readonly lines: number;
}

export const srcFolder = new URL('../../src/', import.meta.url);

export function readSources(): readonly Source[] {
  return globSync('**/*.ts', { cwd: srcFolder })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => readSource(path, readFileSync(new URL(path, srcFolder), 'utf8')));
}

export function readSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]?.message ?? ''}`);
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1));
  const exported = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []));
  const imports = [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported, ...dynamic];
  const loads = module.staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  return {
    path,
    loads: [...loads, ...exported],
    imports: [...new Set(imports)],
    globals: globalsOf(program),
    lines: codeLines(text, comments),
  };
}

function codeLines(text: string, comments: readonly { readonly start: number; readonly end: number }[]): number {
  const code = comments.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

function globalsOf(program: Parameters<Visitor['visit']>[0]): readonly string[] {
  const seen = new Set<string>();
  new Visitor({
    MemberExpression({ object, property }) {
      if (object.type === 'Identifier' && property.type === 'Identifier') seen.add(`${object.name}.${property.name}`);
      if (object.type === 'Identifier') seen.add(object.name);
    },
    CallExpression({ callee }) {
      if (callee.type === 'Identifier') seen.add(callee.name);
    },
  }).visit(program);
  return [...seen];
}

/** The path within src/ that a relative import means; undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}
