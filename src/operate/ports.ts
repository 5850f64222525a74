import type { Plan } from '../plan/plan.ts';

/** Asks the person at the keyboard; cli/consent.ts answers from flags or a prompt, tests from a script. */
export interface ConsentPort {
  /**
   * Whether to carry out this plan, which was shown before.
   * @throws RefusedError when nobody can be asked and no flag answers, or a flag says something else than the plan
   */
  ask(plan: Plan): Promise<'yes' | 'no'>;
  /** Whether to go on with an operation whose owner is silent; the question says who, since when, and the last sign of life. */
  takeOver(question: string): Promise<boolean>;
}
