import type { Remedy } from '../domain/finding.ts';
import { entryOf } from '../findings/catalogue.ts';
import type { SharedFinding } from '../inspect/doctor.ts';
import { isLook } from '../operate/next-commands.ts';

/** One question of `recover`: what is wrong, and what can be done about it. */
export interface Screen {
  readonly finding: SharedFinding;
  /** What changes something; the first is what doctor would do. */
  readonly fixes: readonly Remedy[];
  /** What only shows more. */
  readonly looks: readonly Remedy[];
}

/** What was answered: one of the remedies, or what every screen answers. */
export type Answer = Remedy | 'why' | 'print' | 'next' | 'quit';

export function screenOf(finding: SharedFinding): Screen {
  const [looks, fixes] = [finding.remedies.filter(isOnlyLook), finding.remedies.filter((remedy) => !isOnlyLook(remedy))];
  return { finding, fixes, looks };
}

const LOOKS: ReadonlySet<string> = new Set(['get', 'describe', 'logs', 'wait', 'explain']);

function isOnlyLook(remedy: Remedy): boolean {
  return remedy.do === 'kubectl' ? LOOKS.has(remedy.args[0] ?? '') : isLook(remedy);
}

/** Why it matters, and what helps, as `explain` has it. */
export function whyOf({ id }: SharedFinding): readonly string[] {
  const entry = entryOf(id);
  return entry === undefined ? [] : [entry.meaning, entry.remedy];
}
