import { type Normalised, normalise } from './cli/argv.ts';
import type { CommandSpec } from './cli/command.ts';
import { endingOf, leave, quietPipes } from './cli/exit.ts';
import { findCommand } from './cli/find.ts';
import type { FlagTable } from './cli/flag.ts';
import { everyFlags } from './cli/flags.ts';
import { commandHelp, overview } from './cli/help.ts';
import { type Io, processIo } from './cli/io.ts';
import type { Session } from './cli/session.ts';
import { readValues } from './cli/values.ts';
import { version } from './cli/version.ts';
import { registry } from './registry.ts';

/** Runs one command line and returns its exit code; writes to `io` and nothing else. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const run = { verbosity: 0 };
  try {
    return await dispatch(argv, io, run);
  } catch (error) {
    const { code, text } = endingOf(error, run.verbosity);
    io.stderr.write(text);
    return code;
  }
}

/** The process's way in, for bin/. */
export async function start(): Promise<never> {
  const io = processIo();
  quietPipes(io);
  return leave(await main(process.argv.slice(2), io), io);
}

async function dispatch(argv: readonly string[], io: Io, state: { verbosity: number }): Promise<number> {
  const helping = argv[0] === 'help';
  const asked = helping ? argv.slice(1) : argv[0] === '--version' ? ['version', '--client', ...argv.slice(1)] : argv;
  const found = findCommand(asked, ids, allFlags);
  const spec = registry.find(({ id }) => id === found.id);
  if (!spec) {
    const { args } = normalise(found.rest, everyFlags);
    io.stdout.write(overview(registry, [...found.path, ...args]));
    return 0;
  }
  const input = normalise(found.rest, spec.flags);
  if (helping || input.flags['help'] === true) {
    io.stdout.write(commandHelp(spec));
    return 0;
  }
  state.verbosity = Number(input.flags['v'] ?? 0);
  const session: Session = { io, version, open: () => Promise.reject(new Error('not wired yet')) };
  if (spec.light) return runSpec(spec, input, session);
  const { runThroughOclif } = await import('./cli/oclif.ts');
  return runThroughOclif(registry, spec.id, input, (of, parsed) => runSpec(of, parsed, session));
}

function runSpec(spec: CommandSpec, input: Normalised, session: Session): Promise<number> {
  return spec.run({ args: input.args, flags: readValues(input.flags, spec.flags) }, session);
}

const ids = registry.map(({ id }) => id);

/** Every flag of every command: enough to tell a flag's value from a command's name. */
const allFlags: FlagTable = Object.assign({}, everyFlags, ...registry.map(({ flags }) => flags));
