import type { CatalogueEntry } from './check.ts';
import { DIAGNOSES } from './diagnosis/index.ts';
import { CHECKS } from './index.ts';
import { RAISED } from './raised-by-operate.ts';
import { PEERS } from './raised-by-peers.ts';

export type { CatalogueEntry } from './check.ts';

/** Every finding there is, for refusals, warnings and diagnosis alike, by id: what the checks, the driver, peers and the diagnoses say of theirs. */
export const CATALOGUE: readonly CatalogueEntry[] = oneOfEach([...CHECKS, ...RAISED, ...PEERS, ...DIAGNOSES]);

/** The same finding may be raised by several. */
function oneOfEach(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const first = new Map(entries.toReversed().map((entry) => [entry.id, entry]));
  return [...first.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export const RAISED_BY_OPERATE: readonly string[] = RAISED.map(({ id }) => id);

/** Raised by the checks of peers (peers/checks), which no operation runs; `service-missing` is also a check of restore. */
export const RAISED_BY_PEERS: readonly string[] = PEERS.map(({ id }) => id);

/** Whether `peers` raises it, alone or beside operations. */
export function isOfPeers(id: string): boolean {
  return id === 'service-missing' || RAISED_BY_PEERS.includes(id);
}

export function entryOf(id: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.id === id);
}

/**
 * The entry that was probably meant by an id that there is not: the one whose words begin most alike, `hpa` or
 * `unhealty-members`. Undefined when nothing is near.
 */
export function nearest(id: string): CatalogueEntry | undefined {
  const asked = wordsOf(id);
  const ranked = CATALOGUE.map((entry) => ({ entry, alike: likeness(asked, wordsOf(entry.id)) }))
    .filter(({ alike }) => alike >= 0.5)
    .sort((a, b) => b.alike - a.alike);
  return ranked[0]?.entry;
}

function wordsOf(id: string): readonly string[] {
  return id
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

/** Share of the letters asked for that begin a word of the entry, less a little for each word that nobody asked for. */
function likeness(asked: readonly string[], words: readonly string[]): number {
  const letters = asked.reduce((sum, word) => sum + word.length, 0);
  const alike = asked.reduce((sum, word) => sum + Math.max(0, ...words.map((other) => common(word, other))), 0);
  return letters < 3 ? 0 : alike / letters - 0.01 * Math.abs(words.length - asked.length);
}

/** Letters that two words begin with alike; one or two are chance, unless that is all of the word. */
function common(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let alike = 0;
  while (alike < shorter && a[alike] === b[alike]) alike++;
  return alike >= Math.min(3, a.length) ? alike : 0;
}
