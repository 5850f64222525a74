import { expect } from 'vitest';
import type { Pod } from '../../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../../src/domain/members.ts';
import type { Driver } from './drive.ts';
import { type Before, isTheirs, ordinalOf } from './laws.ts';
import type { Foreign } from './meddling.ts';

/**
 * The laws that hold at every moment of an operation. Set up before anybody meddles, so that they judge first. An operation
 * takes what is thrown into it for a failure like any other, so what was broken is noted, and told by `acquit`.
 */
export class Guards {
  readonly #driver: Driver;
  readonly #before: Before;
  readonly #foreign: () => Foreign;
  readonly #broken: unknown[] = [];
  /** The fewest replicas that the set had. */
  fewest: number;

  constructor(driver: Driver, before: Before, foreign: () => Foreign) {
    this.#driver = driver;
    this.#before = before;
    this.#foreign = foreign;
    this.fewest = driver.cluster.set()?.spec.replicas ?? 0;
  }

  /** @throws what the first broken law had to say */
  acquit(): void {
    if (this.#broken.length > 0) throw this.#broken[0];
  }

  /** Never two members leave at once, but by somebody else's doing. */
  oneAtATime(): this {
    const { cluster } = this.#driver;
    return this.#everyRound(() => {
      this.fewest = Math.min(this.fewest, cluster.set()?.spec.replicas ?? this.fewest);
      const leaving = cluster.list<Pod>('pods').filter((pod) => isTerminating(pod) && !isTheirs(pod, this.#before, this.#foreign()));
      expect(leaving.map(({ metadata }) => metadata.name).slice(1), 'members that leave with another one').toEqual([]);
    });
  }

  /** No member is taken away while one of the first `to` is down, unless somebody else has taken that one down right then. */
  nobodyWhileOneIsDown(to: number): this {
    const { cluster } = this.#driver;
    let replicas = cluster.set()?.spec.replicas ?? 0;
    let down: readonly number[] = [];
    return this.#everyRound(() => {
      const now = cluster.set()?.spec.replicas ?? replicas;
      // What was so before this round is what could be seen when replicas was lowered.
      if (now < replicas && this.#foreign().replicas === undefined)
        expect(down, 'members that were down when another was taken away').toEqual([]);
      replicas = now;
      down = this.#downOf(to, this.#foreign().pods);
    }).#beforeWrites(/DELETE .*\/pods\//, () => {
      if (this.#foreign().replicas === undefined)
        expect(this.#downOf(to, new Set()), 'members that are down when we delete another').toEqual([]);
    });
  }

  /** No set is deleted that is not the one in the archive any more. */
  noneUnarchived(): this {
    return this.#beforeWrites(/DELETE .*\/statefulsets\/web$/, () => {
      expect(this.#foreign().template, 'when the template was changed of what we delete').not.toBe('between writes');
    });
  }

  #downOf(to: number, theirs: ReadonlySet<string>): readonly number[] {
    const pods = new Map(this.#driver.cluster.list<Pod>('pods').map((pod) => [ordinalOf(pod), pod]));
    return Array.from({ length: to }, (_, index) => this.#before.start + index).filter((ordinal) => {
      const pod = pods.get(ordinal);
      return !theirs.has(pod?.metadata.uid ?? '') && (pod === undefined || !isPodReady(pod) || isTerminating(pod));
    });
  }

  #everyRound(judge: () => void): this {
    const { afterRound } = this.#driver;
    this.#driver.afterRound = () => {
      this.#note(judge);
      afterRound();
    };
    return this;
  }

  #beforeWrites(which: RegExp, judge: () => void): this {
    const { cluster } = this.#driver;
    const { onWrite } = cluster;
    cluster.onWrite = (when, what) => {
      if (when === 'before' && which.test(what)) this.#note(judge);
      onWrite(when, what);
    };
    return this;
  }

  #note(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      this.#broken.push(error);
    }
  }
}
