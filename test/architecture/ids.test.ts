import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { everyOperation } from '../../src/operations/registry.ts';

/**
 * What an operation or a step is stands in its folder and on the step: nobody else decides by its id. Looked for in the syntax
 * tree, in comparisons, switches and look-ups.
 */
const src = join(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

interface Literal {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string | null } }[];
}

/** `'scale-down'` of `scale-down/${n}`. */
function textOf({ type, value, quasis }: Literal): string | undefined {
  if (type === 'Literal' && typeof value === 'string') return value;
  const head = quasis?.[0]?.value.cooked;
  return type === 'TemplateLiteral' && typeof head === 'string' && head.includes('/') ? head.split('/')[0] : undefined;
}

/** Ids of steps: what operations give to the `id` of an object that has a `timeoutMs` too. */
function stepIds(): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const file of files.filter((one) => one.startsWith('operations/'))) {
    new Visitor({
      ObjectExpression(node) {
        const keys = new Map(
          node.properties.flatMap((one) =>
            one.type === 'Property' && one.key.type === 'Identifier' ? [[one.key.name, one.value] as const] : [],
          ),
        );
        const id = keys.get('id');
        if (id === undefined || !keys.has('timeoutMs')) return;
        const text = textOf(id);
        if (text !== undefined) ids.add(text);
      },
    }).visit(parseSync(file, readFileSync(join(src, file), 'utf8')).program);
  }
  return ids;
}

const ids = new Set([...everyOperation().map(({ id }) => id), ...stepIds()]);
/** What writes do, and what conditions say, is called alike sometimes; an archive of version 0.1 says what it saved by its operation. */
const OTHERS = /(^|\.)(verb|do|state|is)$/;
const EARLIER: ReadonlySet<string> = new Set(['domain/archives.ts']);

function breachesIn(file: string): readonly string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found: string[] = [];
  const check = (
    node: Literal & { readonly start: number; readonly end: number },
    other: string,
    where: { start: number; end: number },
  ): void => {
    const value = textOf(node);
    if (value !== undefined && ids.has(value.split('/')[0] ?? '') && !OTHERS.test(other))
      found.push(`${file}: ${text.slice(where.start, where.end).slice(0, 120)}`);
  };
  const source = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
  new Visitor({
    BinaryExpression(node) {
      if (!['===', '!==', '==', '!=', 'in'].includes(node.operator)) return;
      check(node.left, source(node.right), node);
      check(node.right, source(node.left), node);
    },
    SwitchStatement(node) {
      for (const { test } of node.cases) if (test !== null) check(test, source(node.discriminant), test);
    },
    CallExpression(node) {
      const method = node.callee.type === 'MemberExpression' ? source(node.callee.property) : '';
      if (['startsWith', 'endsWith', 'includes', 'has', 'get'].includes(method))
        for (const argument of node.arguments) check(argument, source(node.callee), node);
    },
    NewExpression(node) {
      if (!/^(Set|Map)$/.test(source(node.callee))) return;
      const [first] = node.arguments;
      if (first?.type === 'ArrayExpression') for (const element of first.elements) if (element !== null) check(element, '', node);
    },
  }).visit(parseSync(file, text).program);
  return found;
}

describe('ids of operations and steps', () => {
  it('are known, so that they can be looked for', () => {
    expect([...ids]).toEqual(
      expect.arrayContaining(['scale', 'delete', 'restore', 'cancel', 'scale-down', 'put-back', 'create-set', 'finish']),
    );
  });

  it('decide nothing outside of operations/ and commands/', () => {
    const others = files.filter((file) => !/^(operations|commands)\//.test(relative('.', file)) && !EARLIER.has(file));
    expect(others.flatMap(breachesIn)).toEqual([]);
  });
});
