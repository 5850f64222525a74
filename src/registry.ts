import type { CommandSpec } from './cli/command.ts';
import { version } from './commands/version.ts';

/**
 * Every command there is, in the order of the help. An explicit list, because a bundle and a single executable have no
 * folder to search; a test compares it with the folder.
 */
export const registry: readonly CommandSpec[] = [version];
