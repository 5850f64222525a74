/** More edits than this make another word, not a slip of the finger. */
const MAX_EDITS = 3;

/** Candidates that `name` may have been meant to be, the nearest first: few edits away, or one begins with the other. */
export function nearMatches(name: string, candidates: readonly string[], limit = 3): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.min(MAX_EDITS, name.length - 1) || isPrefix(name, candidate))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `did you mean "web" or "web2"?`, or what else there is, or undefined when there is nothing. */
export function suggestion(name: string, candidates: readonly string[]): string | undefined {
  const near = nearMatches(name, candidates);
  if (near.length > 0) return `did you mean ${near.map((match) => `"${match}"`).join(' or ')}?`;
  if (candidates.length === 0) return undefined;
  const shown = candidates.slice(0, 10);
  return `there is ${shown.map((match) => `"${match}"`).join(', ')}${candidates.length > shown.length ? ', …' : ''}`;
}

/**
 * The known word that was probably meant: one that starts with what was typed (three letters at least), else the
 * closest one within a third of its length.
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const begins = word.length >= 3 ? known.find((candidate) => candidate.startsWith(word)) : undefined;
  if (begins !== undefined) return begins;
  const ranked = known
    .map((candidate) => ({ candidate, far: editDistance(word, candidate) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.candidate;
}

/** Number of letters to add, drop, replace or swap with a neighbour (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const far: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    far.push([row]);
    for (let column = 1; column <= b.length; column++) far[row]?.push(cheapest(far, a, b, row, column));
  }
  return far[a.length]?.[b.length] ?? 0;
}

function cheapest(far: readonly (readonly number[])[], a: string, b: string, row: number, column: number): number {
  const at = (up: number, left: number): number => far[row - up]?.[column - left] ?? Number.POSITIVE_INFINITY;
  const replaced = at(1, 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
  const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? at(2, 2) + 1 : replaced;
  return Math.min(at(1, 0) + 1, at(0, 1) + 1, replaced, swapped);
}

function isPrefix(name: string, candidate: string): boolean {
  return name !== '' && (candidate.startsWith(name) || (candidate !== '' && name.startsWith(candidate)));
}
