import { RefusedError, StoppedError } from '../domain/errors.ts';
import type { Io } from './io.ts';

/** What a prompt needs: the streams and the signal that Ctrl-C elsewhere aborts. */
export interface PromptIo extends Pick<Io, 'stdin' | 'stderr'> {
  readonly signal: AbortSignal;
}

/** Whether there is a person: both ends must be a terminal, since inquirer takes piped input for answers. */
export function hasTerminal({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** A question whose default is no. */
export async function askYesNo(question: string, io: PromptIo): Promise<boolean> {
  return (await ask<boolean>({ type: 'confirm', message: question, default: false }, io, '--yes')) === true;
}

/** @throws RefusedError unless exactly this name was typed; there is one try, as a second would be without reflection. */
export async function askTyped(name: string, question: string, io: PromptIo): Promise<void> {
  const typed = await ask<string>({ type: 'input', message: question }, io, `--confirm ${name}`);
  if (typed.trim() !== name) throw new RefusedError(`"${typed.trim()}" does not match ${name}. Nothing was changed.`);
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

/** A line of text, as it was typed. */
export function askText(question: string, io: PromptIo, flag: string): Promise<string> {
  return ask<string>({ type: 'input', message: question }, io, flag);
}

export function askChoice<T>(question: string, choices: readonly Choice<T>[], io: PromptIo, flag: string): Promise<T> {
  return ask<T>({ type: 'select', message: question, choices }, io, flag);
}

export interface KeyedChoice<T> extends Choice<T> {
  /** What is typed for it. */
  readonly key: string;
}

/** One of several, by a key that is typed. */
export function askKey<T>(question: string, choices: readonly KeyedChoice<T>[], io: PromptIo, flag: string): Promise<T> {
  return ask<T>({ type: 'rawlist', message: question, choices }, io, flag);
}

type Question =
  | { readonly type: 'confirm'; readonly message: string; readonly default: boolean }
  | { readonly type: 'input'; readonly message: string }
  | { readonly type: 'select'; readonly message: string; readonly choices: readonly Choice<unknown>[] }
  | { readonly type: 'rawlist'; readonly message: string; readonly choices: readonly KeyedChoice<unknown>[] };

/** @throws RefusedError without a terminal, naming the flag that answers; StoppedError for Ctrl-C. */
async function ask<T>(question: Question, io: PromptIo, flag: string): Promise<T> {
  if (!hasTerminal(io)) throw new RefusedError('an answer is required, but stdin is not a terminal', `add ${flag}`);
  const { createPromptModule } = await import('inquirer');
  const prompt = createPromptModule({ input: io.stdin, output: io.stderr, signal: io.signal });
  try {
    // inquirer's types cannot follow a question made at run time; the answer is what the question's type says.
    const answers = (await prompt([{ ...question, name: 'answer' } as never])) as { readonly answer: unknown };
    return answers.answer as T;
  } catch (error) {
    if (io.signal.aborted) throw io.signal.reason;
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new StoppedError('interrupt', 'interrupted at the prompt; nothing was changed');
    throw error;
  }
}
