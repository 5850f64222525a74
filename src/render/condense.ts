import { runsOf, withoutNumbers } from './elide.ts';

/** A run of this many is a list that can be read; a longer one is told by its ends. */
const READABLE = 3;

/**
 * Titles of steps with each long run of alike ones as one line: `remove member web-49` to `remove member web-12` become
 * `remove member web-49 to web-12 (38 steps)`. Order is kept, so it can still be read off what came first.
 */
export function condense(titles: readonly string[]): readonly string[] {
  return runsOf(titles, withoutNumbers).flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (run.length <= READABLE || first === undefined || last === undefined) return run;
    return [`${fromTo(first, last)} (${run.length} steps)`];
  });
}

/** Alike titles have the same words but for numbers; the one word that differs is told of both. */
function fromTo(first: string, last: string): string {
  const [words, others] = [first.split(' '), last.split(' ')];
  const differing = words.flatMap((word, at) => (word === others[at] ? [] : [at]));
  const [at] = differing;
  if (at === undefined || differing.length > 1) return `${first} to ${last}`;
  return words.with(at, `${words[at]} to ${others[at]}`).join(' ');
}
