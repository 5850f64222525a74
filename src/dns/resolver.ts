import type { DnsAnswer, Question } from './message.ts';

/** Something that answers DNS questions, however it is reached. */
export interface Resolver {
  /** Whether questions can still be asked. */
  readonly usable: boolean;
  /** With what it asks, once that is known and where there is a choice: `dig`. */
  readonly tool?: string | undefined;
  /** Rejects with DnsFailure where no answer comes, or one that is none. */
  ask(question: Question): Promise<DnsAnswer>;
  /** Leaves nothing open; what is still asked rejects. */
  close(): void;
}

/** Asking failed: no connection, no answer in time, or garbage. The message is a sentence without the server's name. */
export class DnsFailure extends Error {
  override readonly name = 'DnsFailure';
}
