import { execa } from 'execa';

/** Where the demo's commands run: a kubeconfig and a PATH on which `kubectl` finds the plugin that was just built. */
export interface Shell {
  readonly env: Readonly<Record<string, string>>;
  readonly kubectl: string;
  /** So that file names are those that a person would type. */
  readonly directory: string;
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
  process.stdout.write(`${colour ? FAINT : ''}$ kubectl ${args.join(' ')}${colour ? RESET : ''}\n`);
  await execa(shell.kubectl, args, { env: shell.env, cwd: shell.directory, stdio: 'inherit' });
}

/** Runs a command quietly and returns its standard output. */
export async function ask(shell: Shell, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa(shell.kubectl, args, { env: shell.env, cwd: shell.directory, stdin: 'ignore' });
  return stdout;
}
