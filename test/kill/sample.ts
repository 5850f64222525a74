import { long, randomFrom, seed } from '../support/seed.ts';
import { type Subject, subjects } from './subject.ts';

/** The i-th write's fate, and what is done about it. */
export interface Case {
  /** In a sample, modulo the number of writes of a clean run. */
  readonly write: number;
  readonly killed: 'before' | 'after';
  readonly then: 'resume' | 'cancel';
}

/** No operation of these has more writes; a clean run checks that. */
export const mostWrites = 24;

/** How many cases `npm test` draws, from all operations together. */
const drawn = 12;

/** Where a test begins to take its cases: all of them, or this run's. */
export function casesOf(subject: Subject): readonly Case[] {
  return long ? everyCase(subject) : sampledCases(subject);
}

function everyCase({ cancellable }: Subject): readonly Case[] {
  const thens = cancellable ? (['resume', 'cancel'] as const) : (['resume'] as const);
  return Array.from({ length: mostWrites }, (_, write) =>
    (['before', 'after'] as const).flatMap((killed) => thens.map((then) => ({ write, killed, then }))),
  ).flat();
}

/** Every file makes the same draw, for the seed is the run's, and takes what has fallen to its operation. */
function sampledCases(subject: Subject): readonly Case[] {
  const random = randomFrom(seed);
  const names = Object.values(subjects).map(({ name }) => name);
  return Array.from({ length: drawn }, () => ({
    name: names[Math.floor(random() * names.length)],
    write: Math.floor(random() * 1000),
    killed: random() < 0.5 ? ('before' as const) : ('after' as const),
    then: random() < 0.5 && subject.cancellable ? ('cancel' as const) : ('resume' as const),
  })).filter(({ name }) => name === subject.name);
}
