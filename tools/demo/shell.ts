import { execa, type ResultPromise } from 'execa';

/** Where the demo's commands run: a kubeconfig and a PATH on which `kubectl` finds the plugin that was just built. */
export interface Shell {
  readonly env: Readonly<Record<string, string>>;
  readonly kubectl: string;
  /** So that file names are those that a person would type. */
  readonly directory: string;
  /** Nothing more is begun, and what runs is ended, when the demo is stopped. */
  readonly stop?: Stop;
}

/** The end by Ctrl-C. A command on the same terminal has heard of it too, and gets a moment to end by itself. */
export class Stop {
  readonly #asked = new AbortController();
  readonly #over = new AbortController();

  ask(): void {
    this.#asked.abort(new Error('interrupted'));
    setTimeout(() => this.#over.abort(), 1000).unref();
  }

  get isAsked(): boolean {
    return this.#asked.signal.aborted;
  }

  throwIfAsked(): void {
    this.#asked.signal.throwIfAborted();
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }
}

const BOLD = '\u001b[1m';
const FAINT = '\u001b[2m';
const RESET = '\u001b[0m';
const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';

/** A heading that says what is about to be seen, and why. */
export function tell(text: string): void {
  process.stdout.write(`\n${colour ? BOLD : ''}# ${text}${colour ? RESET : ''}\n`);
}

/** Shows a command as a person would type it, then runs it with this terminal, so that its live output is seen. */
export async function show(shell: Shell, ...args: readonly string[]): Promise<void> {
  shell.stop?.throwIfAsked();
  process.stdout.write(`${colour ? FAINT : ''}$ kubectl ${args.join(' ')}${colour ? RESET : ''}\n`);
  await start(shell, args, { stdio: 'inherit' });
}

/**
 * Shows a command that is to fail.
 * @throws Error when it ends with another exit code
 */
export async function showFailing(shell: Shell, exitCode: number, ...args: readonly string[]): Promise<void> {
  const ended = await show(shell, ...args).then(
    () => 0,
    (error: unknown) => (error as { readonly exitCode?: number }).exitCode,
  );
  if (ended !== exitCode) throw new Error(`kubectl ${args.join(' ')} ended with exit code ${ended}, not ${exitCode}`);
}

/** Runs a command quietly and returns its standard output. */
export async function ask(shell: Shell, ...args: readonly string[]): Promise<string> {
  shell.stop?.throwIfAsked();
  const { stdout } = await start(shell, args, { stdin: 'ignore' });
  return String(stdout);
}

function start({ kubectl, env, directory, stop }: Shell, args: readonly string[], how: object): ResultPromise {
  const ending = stop === undefined ? {} : { cancelSignal: stop.over };
  return execa(kubectl, args, { env, cwd: directory, ...ending, ...how });
}
