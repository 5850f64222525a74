import type { Laboratory } from './laboratory.ts';
import type { Result } from './result.ts';

/** How much is measured: `quick` shows that a benchmark works, and proves nothing. */
export interface Effort {
  readonly quick: boolean;
  readonly rounds: number;
}

export interface Benchmark {
  readonly name: string;
  readonly about: string;
  measure(lab: Laboratory, effort: Effort): Promise<readonly Result[]>;
}
