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

/** Levenshtein distance: insertions, deletions and replacements of single characters. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, char] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (char === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

function isPrefix(name: string, candidate: string): boolean {
  return name !== '' && (candidate.startsWith(name) || (candidate !== '' && name.startsWith(candidate)));
}
