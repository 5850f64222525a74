import { type Normalised, normalise } from './argv.ts';
import type { CommandSpec } from './command.ts';
import { everyFlagOf, findCommand } from './find.ts';
import { commandHelp, overview } from './help.ts';
import { Interrupt } from './interrupt.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';
import { readValues } from './values.ts';

export interface Program {
  readonly commands: readonly CommandSpec[];
  session(io: Io, interrupt: Interrupt): Session;
  /** Told of -v as soon as it is known, for errors. */
  verbose?(level: number): void;
}

/**
 * From arguments to the command that they name, or to the help that they ask for.
 *
 * @returns the exit code; throws one of domain/errors.ts otherwise.
 */
export async function dispatch(argv: readonly string[], io: Io, program: Program): Promise<number> {
  const { commands } = program;
  const { helping, asked } = habits(argv);
  const { spec, path, rest } = findCommand(asked, commands);
  // An unknown flag is an error before it is a request for help, as in kubectl.
  const input = normalise(rest, spec ? spec.flags : everyFlagOf(commands));
  if (!spec || helping || input.flags['help'] === true) {
    io.stdout.write(spec ? commandHelp(spec) : overview(commands, path));
    return 0;
  }
  program.verbose?.(Number(input.flags['v'] ?? 0));
  return runInterruptibly(spec, input, io, program);
}

/** Ways of asking that people bring from other programs. */
function habits(argv: readonly string[]): { readonly helping: boolean; readonly asked: readonly string[] } {
  if (argv[0] === 'help') return { helping: true, asked: argv.slice(1) };
  if (argv[0] === '--version') return { helping: false, asked: ['version', '--client', ...argv.slice(1)] };
  return { helping: false, asked: argv };
}

async function runInterruptibly(spec: CommandSpec, input: Normalised, io: Io, program: Program): Promise<number> {
  const interrupt = new Interrupt(io);
  try {
    const session = program.session(io, interrupt);
    return await interrupt.guard(run(spec, input, session, program.commands));
  } finally {
    interrupt.dispose();
  }
}

async function run(spec: CommandSpec, input: Normalised, session: Session, commands: readonly CommandSpec[]): Promise<number> {
  if (spec.light) return runSpec(spec, input, session);
  const { runThroughOclif } = await import('./oclif.ts');
  return runThroughOclif(commands, spec.id, input, (of, parsed) => runSpec(of, parsed, session));
}

function runSpec(spec: CommandSpec, { args, flags }: Normalised, session: Session): Promise<number> {
  return spec.run({ args, flags: readValues(flags, spec.flags) }, session);
}
