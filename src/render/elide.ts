/** A list in which long runs of alike items were left out. */
export type Elided<T> = { readonly item: T } | { readonly more: number; readonly like: T };

const HEAD = 3;
const TAIL = 2;
const RUN = 8;

/**
 * Leaves out the middle of long runs of items that are alike, so that a plan for 1,000 members fits a screen while
 * the one claim with another fate still shows: an item that differs ends a run and is always there.
 */
export function elide<T>(items: readonly T[], alike: (item: T) => string): readonly Elided<T>[] {
  return runsOf(items, alike).flatMap((run): Elided<T>[] => {
    const like = run[0];
    if (run.length <= RUN || like === undefined) return run.map((item) => ({ item }));
    const more = { more: run.length - HEAD - TAIL, like };
    return [...run.slice(0, HEAD).map((item) => ({ item })), more, ...run.slice(-TAIL).map((item) => ({ item }))];
  });
}

/** The items as runs of alike neighbours, in their order. */
export function runsOf<T>(items: readonly T[], alike: (item: T) => string): readonly (readonly T[])[] {
  const runs: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const key = alike(item);
    const run = runs.at(-1);
    if (run === undefined || key !== last) runs.push([item]);
    else run.push(item);
    last = key;
  }
  return runs;
}

/** The text without its numbers: `stopped 3rd` and `stopped 4th` are alike, `stopped` and `kept` are not. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d+(st|nd|rd|th)?/g, '#');
}
