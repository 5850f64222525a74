import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { type ChangeValues, commonOptions } from './change.ts';
import { changeFlags, connectionFlags, everyFlags, outputFlag } from './flags.ts';
import type { ProgramConfig } from './program.ts';
import type { ChangeRequest, Session } from './session.ts';
import { usageErrorOf } from './usage.ts';

// oclif's module throws what breaks stdout, as soon as it is loaded; what is done about that is in cli/exit.ts.
for (const listener of process.stdout.listeners('error')) {
  if (String(listener).includes('EPIPE')) process.stdout.off('error', listener as () => void);
}

/**
 * Every command: an oclif Command whose `run` parses, makes a request of what was typed, and hands it to the session.
 *
 * @returns `run`: the exit code; throws one of domain/errors.ts otherwise
 */
export abstract class ProgramCommand extends Command {
  static override baseFlags = everyFlags;
  static override args = {};
  static override flags = {};
  declare config: ProgramConfig;

  /** With the Config as it is: oclif would load another one, without the session. */
  static override run<T extends Command>(
    this: new (
      argv: string[],
      config: Config,
    ) => T,
    argv?: string[],
    config?: unknown,
  ): Promise<ReturnType<T['run']>> {
    return (new this(argv ?? [], config as Config) as unknown as ProgramCommand)._run() as Promise<ReturnType<T['run']>>;
  }

  abstract override run(): Promise<number>;

  protected get session(): Session {
    const { session } = this.config;
    if (session === undefined) throw new Error('a command is run without a session');
    return session;
  }

  /** oclif would set process.exitCode and guess a code; errors and codes have their home in cli/ending.ts. */
  protected override catch(error: Error): Promise<never> {
    return Promise.reject(usageErrorOf(error) ?? error);
  }
}

/** A command that only reads. */
export abstract class ReadCommand extends ProgramCommand {
  static override baseFlags = { output: outputFlag(['wide', 'json', 'yaml', 'name']), ...connectionFlags, ...everyFlags };
}

/** A command that changes something: it plans, shows, asks, acts and verifies. */
export abstract class ChangeCommand extends ProgramCommand {
  static override baseFlags = { ...changeFlags, ...connectionFlags, ...everyFlags };

  /** Carries out what was asked for, as the flags that all changing commands share have it. @returns the exit code */
  protected change(request: Omit<ChangeRequest, 'common'>, flags: ChangeValues): Promise<number> {
    return this.session.change({ ...request, common: commonOptions(flags) }, flags);
  }
}
