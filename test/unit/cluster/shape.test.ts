import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROP, each, KEEP, shaped } from '../../../src/cluster/slices/shape.ts';

interface Part {
  readonly id: number;
  readonly noise?: unknown;
}

interface Thing {
  readonly name: string;
  readonly heavy?: unknown;
  readonly parts?: readonly Part[];
}

const decode = shaped<Thing>({ name: KEEP, heavy: DROP, parts: each(shaped<Part>({ id: KEEP, noise: DROP })) });

describe('shaped', () => {
  it('keeps what its shape names and nothing else, and invents nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('name', 'heavy', 'parts', 'other', '__proto__x'), fc.anything()), (raw) => {
        const thing = { name: 'x', ...raw, parts: [{ id: 1, noise: 'a', more: 'b' }] };
        expect(decode(thing as unknown as Thing)).toEqual({
          ...(thing.name === null || thing.name === undefined ? {} : { name: thing.name }),
          parts: [{ id: 1 }],
        });
      }),
    );
    expect(decode({ name: 'x' })).toEqual({ name: 'x' });
  });

  it('does not compile without a field of its type', () => {
    // @ts-expect-error parts is missing
    expect(shaped<Thing>({ name: KEEP, heavy: DROP })({ name: 'x' })).toEqual({ name: 'x' });
  });
});
