import fc from 'fast-check';

/** What may never reach a terminal from the cluster: controls, C1, bidi and other format characters, lone surrogates. */
export const RAW = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const SGR = new RegExp(`${String.fromCharCode(27)}\\[(1|2|22|3[1-6]|39)m`, 'g');

/** A renderer's output without its own line ends and colours. */
export function withoutOurs(output: string): string {
  return output.replaceAll('\n', '').replace(SGR, '');
}

const nasty = fc.constantFrom(
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\u202e',
  '\u2066',
  '\r',
  '\n',
  '\t',
  '\u0000',
  '\u007f',
  '\u200b',
  '\u2028',
  '\ud800',
  '\u{e0041}',
  '\u001b[31m',
);

/** Any text, with something nasty in it most of the time. */
export const evil = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ maxLength: 12 })), { maxLength: 5 })
  .map((parts) => parts.join(''));

/** The same data with every string made evil by the given texts, in turn; shape, keys and numbers stay. */
export function poisoned<T>(value: T, texts: readonly string[], keep: readonly string[] = []): T {
  let next = 0;
  const walk = (inner: unknown, key: string): unknown => {
    if (typeof inner === 'string') return keep.includes(key) ? inner : `${inner}${texts[next++ % texts.length] ?? ''}`;
    if (Array.isArray(inner)) return inner.map((item) => walk(item, key));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, walk(item, name)]));
  };
  return walk(value, '') as T;
}
