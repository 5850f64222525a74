import { UsageError } from '../domain/errors.ts';
import type { Values } from './flag.ts';
import type { changeFlags, connectionFlags, everyFlags } from './flags.ts';

export type ChangeValues = Values<typeof changeFlags & typeof connectionFlags & typeof everyFlags>;

/** What every changing operation is told beside its own options. */
export interface Common {
  readonly dryRun?: 'client' | 'server';
  readonly confirm?: string;
  readonly yes: boolean;
  readonly allow: readonly string[];
  readonly timeoutMs?: number;
  readonly stepTimeoutMs?: number;
  readonly reason?: string;
  readonly takeOver: boolean;
}

/**
 * The flags that all changing commands share, as the operate room takes them: `--dry-run=none` and a time of 0 are the
 * same as no flag.
 *
 * @throws UsageError for flags that contradict each other
 */
export function commonOptions(flags: ChangeValues): Common {
  if (flags.yes === false && flags.confirm !== undefined) {
    throw new UsageError('--yes=false asks for the prompt and --confirm answers it', 'leave one of them out');
  }
  if (flags.confirm === '') throw new UsageError('--confirm needs a name or a plan', 'write --confirm NAME or --confirm plan:DIGEST');
  const dryRun = flags['dry-run'];
  return {
    ...(dryRun === 'client' || dryRun === 'server' ? { dryRun } : {}),
    ...(flags.confirm === undefined ? {} : { confirm: flags.confirm }),
    yes: flags.yes === true,
    allow: [...new Set(flags.allow)],
    ...(flags.timeout ? { timeoutMs: flags.timeout } : {}),
    ...(flags['step-timeout'] ? { stepTimeoutMs: flags['step-timeout'] } : {}),
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    takeOver: flags['take-over'] === true,
  };
}
