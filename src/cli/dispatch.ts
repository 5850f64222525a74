import { type Normalised, normalise } from './argv.ts';
import { everyFlagOf, findCommand } from './find.ts';
import { Interrupt } from './interrupt.ts';
import type { Io } from './io.ts';
import { type CommandSpec, commands } from './manifest.ts';
import { readNames } from './names.ts';
import type { Loaders } from './program.ts';
import type { Session } from './session.ts';
import { checkValues } from './values.ts';

export interface Program {
  readonly loaders: Loaders;
  session(io: Io, interrupt: Interrupt): Session;
  /** Told of -v as soon as it is known, for errors. */
  verbose?(level: number): void;
}

/**
 * From arguments to the command that they name, or to the help that they ask for. Arguments are read by pflag's and kubectl's
 * rules first; oclif, which is loaded behind that, sees what they came to.
 *
 * @returns the exit code; throws one of domain/errors.ts otherwise.
 */
export async function dispatch(argv: readonly string[], io: Io, program: Program): Promise<number> {
  const { helping, asked } = habits(argv);
  const { spec, path, rest } = findCommand(asked, commands);
  // An unknown flag is an error before it is a request for help, as in kubectl.
  const input = normalise(rest, spec ? spec.flags : everyFlagOf(commands));
  if (!spec || helping || input.flags['help'] === true) {
    const { showHelp } = await import('./help.ts');
    await showHelp(path, program.loaders, io);
    return 0;
  }
  program.verbose?.(Number(input.flags['v'] ?? 0));
  return runInterruptibly(spec, checked(spec, input), io, program);
}

/** Ways of asking that people bring from other programs. */
function habits(argv: readonly string[]): { readonly helping: boolean; readonly asked: readonly string[] } {
  if (argv[0] === 'help') return { helping: true, asked: argv.slice(1) };
  if (argv[0] === '--version') return { helping: false, asked: ['version', '--client', ...argv.slice(1)] };
  return { helping: false, asked: argv };
}

/** Names without their types, and values that there can be. */
function checked(spec: CommandSpec, { args, flags }: Normalised): Normalised {
  checkValues(flags, spec.flags);
  return { args: readNames(args, Object.values(spec.args)[0]), flags };
}

async function runInterruptibly(spec: CommandSpec, input: Normalised, io: Io, program: Program): Promise<number> {
  const interrupt = new Interrupt(io);
  try {
    const { runCommand } = await import('./program.ts');
    return await interrupt.guard(runCommand(program.loaders, spec.id, input, program.session(io, interrupt)));
  } finally {
    interrupt.dispose();
  }
}
