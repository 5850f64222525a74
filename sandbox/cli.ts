/** `npm run sandbox -- COMMAND`: see cli/usage.ts for all of them. */
import { readArguments } from './cli/arguments.ts';
import { commands } from './cli/commands.ts';
import { help, UsageError } from './cli/usage.ts';

async function main(argv: string[]): Promise<number> {
  try {
    const given = readArguments(argv);
    if (given.help || given.command === 'help') {
      process.stdout.write(help);
      return 0;
    }
    const command = Object.hasOwn(commands, given.command) ? commands[given.command] : undefined;
    if (!command) throw new UsageError(`There is no command "${given.command}".`);
    return await command(given);
  } catch (error) {
    const hint = error instanceof UsageError ? '\nSee npm run sandbox -- --help' : '';
    process.stderr.write(`${(error as Error).message}${hint}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
