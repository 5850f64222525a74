import type { Duplex } from 'node:stream';
import type { Clock } from '../domain/clock.ts';
import { type DnsAnswer, decodeAnswer, encodeQuestion, idOf, type Question } from './message.ts';
import { DnsFailure, type Resolver } from './resolver.ts';

interface Pending {
  readonly question: Question;
  readonly resolve: (answer: DnsAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** CoreDNS works on the questions of one connection side by side, so more would only wait in its queue. */
const AT_ONCE = 100;

/**
 * DNS over one TCP connection, or whatever behaves as one (a port-forward): all questions at once, answers in any order
 * (RFC 7766, sections 6.2.1 and 7). The first failure is the connection's: all that wait for an answer reject with it.
 */
export class DnsOverStream implements Resolver {
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: Pending[] = [];
  readonly #over = new AbortController();
  #received: Buffer = Buffer.alloc(0);
  #nextId = 1;
  #lastAnswer: number;

  /** @param timeoutMs the longest silence of a server that owes an answer, milliseconds */
  constructor(stream: Duplex, clock: Clock, timeoutMs: number) {
    this.#stream = stream;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#lastAnswer = clock.now();
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.once('error', (error) => this.#fail(error.message));
    stream.once('end', () => this.#fail('the connection was closed before every question was answered'));
    stream.once('close', () => this.#fail('the connection was closed before every question was answered'));
  }

  get usable(): boolean {
    return !this.#over.signal.aborted;
  }

  ask(question: Question): Promise<DnsAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<DnsAnswer>();
    if (this.#over.signal.aborted) reject(new DnsFailure(this.#over.signal.reason as string));
    else {
      this.#waiting.push({ question, resolve, reject });
      this.#send();
    }
    return promise;
  }

  close(): void {
    this.#fail('the look-up was ended');
  }

  #send(): void {
    const idle = this.#pending.size === 0;
    while (this.#pending.size < AT_ONCE && this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const id = this.#nextId;
      this.#nextId = (id % 0xffff) + 1;
      this.#pending.set(id, next);
      this.#stream.write(encodeQuestion(id, next.question));
    }
    if (idle && this.#pending.size > 0) {
      this.#lastAnswer = this.#clock.now();
      this.#watch();
    }
  }

  /** A server that is asked and stays silent is given up. */
  #watch(): void {
    const left = this.#lastAnswer + this.#timeoutMs - this.#clock.now();
    if (this.#pending.size === 0) return;
    if (left <= 0) return this.#fail(`no answer within ${this.#timeoutMs / 1000}s`);
    this.#clock.sleep(left, this.#over.signal).then(
      () => this.#watch(),
      () => undefined,
    );
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      while (this.#received.length >= 2) {
        const end = 2 + this.#received.readUInt16BE(0);
        if (this.#received.length < end) return;
        const message = this.#received.subarray(2, end);
        this.#received = this.#received.subarray(end);
        this.#answer(message);
      }
    } catch (error) {
      this.#fail((error as Error).message);
    }
  }

  #answer(message: Buffer): void {
    const id = idOf(message);
    const asked = this.#pending.get(id);
    // An answer that nobody waits for says nothing about the others.
    if (asked === undefined) return;
    this.#lastAnswer = this.#clock.now();
    const answer = decodeAnswer(message, asked.question);
    this.#pending.delete(id);
    asked.resolve(answer);
    this.#send();
  }

  #fail(why: string): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(why);
    this.#stream.on('error', () => undefined);
    this.#stream.destroy();
    for (const { reject } of [...this.#pending.values(), ...this.#waiting]) reject(new DnsFailure(why));
    this.#pending.clear();
    this.#waiting.length = 0;
  }
}
