import type { FlagTable, Values } from './flag.ts';
import { everyFlags } from './flags.ts';
import type { Session } from './session.ts';

/** A command's checked input. */
export interface Input<T extends FlagTable> {
  readonly flags: Values<T>;
  readonly args: readonly string[];
}

export interface Example {
  /** What it is for, as a sentence without its full stop. */
  readonly what: string;
  /** What follows `kubectl sts-safe `. */
  readonly line: string;
}

/**
 * A command as data with one function. Pure to load: no oclif, no client, no operation. cli/oclif.ts makes oclif's
 * class from it, cli/help.ts its help, cli/completion.ts its candidates.
 */
export interface CommandSpec<T extends FlagTable = FlagTable> {
  /** As oclif has it: words joined by a colon. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** What follows the command's words in the usage line: `NAME --replicas N`. */
  readonly usage: string;
  readonly examples: readonly Example[];
  readonly flags: T;
  /** Whether positional arguments are names of StatefulSets, for the completion. */
  readonly completes?: 'sets';
  /** Runs without oclif, which takes 45 ms to load: for what is compared with kubectl (docs/adr/0004). */
  readonly light?: true;
  /** @returns the exit code; throws one of domain/errors.ts otherwise. */
  run(input: Input<T & typeof everyFlags>, session: Session): Promise<number>;
}

/** Adds the flags that every command has, and keeps the types of the others. */
export function defineCommand<const T extends FlagTable>(spec: CommandSpec<T>): CommandSpec<T & typeof everyFlags> {
  return { ...spec, flags: { ...spec.flags, ...everyFlags } };
}

/** `pvc:retire` → `pvc retire`, as it is typed. */
export function words(id: string): string {
  return id.replaceAll(':', ' ');
}
