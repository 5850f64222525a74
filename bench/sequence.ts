import type { Line } from './process.ts';

interface Exchange {
  readonly from: number;
  readonly to: number;
}

/** Goes on beside everything else: a watch, and an Event that nobody waits for. */
const BESIDE = /[?&]watch=|^POST \S+\/events[? ]/;

/**
 * How many requests of a run waited for each other: the longest row of them in which each was sent when the one before it was
 * answered, by what `-v 7` writes.
 */
export function inSequence(lines: readonly Line[]): number {
  const rows: (Exchange & { readonly length: number })[] = [];
  for (const exchange of exchangesIn(lines)) {
    const before = rows.filter(({ to }) => to <= exchange.from).map(({ length }) => length);
    rows.push({ ...exchange, length: 1 + Math.max(0, ...before) });
  }
  return Math.max(0, ...rows.map(({ length }) => length));
}

/** Each request with when it was sent and answered, the first answered first. */
function exchangesIn(lines: readonly Line[]): readonly Exchange[] {
  const sent = new Map<string, number[]>();
  return lines.flatMap(({ at, text }) => {
    const [, request = '', answered] = /^((?:GET|POST|PUT|PATCH|DELETE) [^\s,]+)(?:, | (.*) in \d+ milliseconds$)/.exec(text) ?? [];
    if (request === '' || BESIDE.test(`${request} `)) return [];
    const open = sent.get(request) ?? [];
    sent.set(request, open);
    const from = answered === undefined ? undefined : open.shift();
    if (answered === undefined) open.push(at);
    return from === undefined ? [] : [{ from, to: at }];
  });
}
