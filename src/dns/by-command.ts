import type { Clock } from '../domain/clock.ts';
import type { DnsAnswer, Question } from './message.ts';
import { DnsFailure, type Resolver } from './resolver.ts';
import { answersIn } from './tool-output.ts';
import { commandFor } from './tools.ts';

/** Runs a command in a container and resolves with what it wrote to stdout. Rejects with an Error that says why it did not run. */
export type RunCommand = (command: readonly string[], signal: AbortSignal) => Promise<string>;

/** A command travels in a URL, for which proxies have 8 KiB. */
const QUESTIONS_AT_ONCE = 40;
/** Commands that run side by side in a container that has other work. */
const COMMANDS_AT_ONCE = 4;

/** Asks DNS from inside of a container, with the tool that it has; questions that are asked together share a command. */
export class CommandResolver implements Resolver {
  readonly #run: RunCommand;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #waiting: Pending[] = [];
  readonly #over = new AbortController();
  #workers = 0;
  #tool: string | undefined;

  /** @param timeoutMs for one command, milliseconds */
  constructor(run: RunCommand, clock: Clock, timeoutMs: number) {
    this.#run = run;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  get usable(): boolean {
    return !this.#over.signal.aborted;
  }

  get tool(): string | undefined {
    return this.#tool;
  }

  ask(question: Question): Promise<DnsAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<DnsAnswer>();
    if (this.#over.signal.aborted) reject(this.#over.signal.reason as DnsFailure);
    else {
      this.#waiting.push({ question, resolve, reject });
      // What else is asked in this turn is in the queue by then.
      queueMicrotask(() => void this.#work());
    }
    return promise;
  }

  close(): void {
    this.#over.abort(new DnsFailure('the look-up was ended'));
  }

  async #work(): Promise<void> {
    if (this.#workers >= COMMANDS_AT_ONCE) return;
    this.#workers += 1;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#askAll(batch);
    this.#workers -= 1;
  }

  #next(): readonly Pending[] {
    return this.#waiting.splice(0, QUESTIONS_AT_ONCE);
  }

  async #askAll(batch: readonly Pending[]): Promise<void> {
    const questions = batch.map(({ question }) => question);
    try {
      const { tool, answers } = answersIn(await this.#output(commandFor(questions)), questions);
      this.#tool = tool;
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as DnsAnswer);
    } catch (error) {
      const failure = error instanceof DnsFailure ? error : new DnsFailure((error as Error).message, { cause: error });
      for (const { reject } of batch) reject(failure);
    }
  }

  /** Rejects where there is none in time. */
  async #output(command: readonly string[]): Promise<string> {
    this.#over.signal.throwIfAborted();
    const late = new AbortController();
    const over = new AbortController();
    this.#clock.sleep(this.#timeoutMs, over.signal).then(
      () => late.abort(new DnsFailure(`no answer within ${this.#timeoutMs / 1000}s`)),
      () => undefined,
    );
    try {
      return await this.#run(command, AbortSignal.any([this.#over.signal, late.signal]));
    } finally {
      over.abort();
    }
  }
}

interface Pending {
  readonly question: Question;
  readonly resolve: (answer: DnsAnswer) => void;
  readonly reject: (error: Error) => void;
}
