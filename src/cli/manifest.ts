import manifest from '../../oclif.manifest.json' with { type: 'json' };
import type { FlagTable } from './flag-spec.ts';
import type { NameKind, NameSource } from './names.ts';

export interface ArgSpec {
  readonly name: string;
  readonly names?: NameKind;
  /** Where its names come from, if not all of the kind will do. */
  readonly from?: NameSource;
  readonly required?: boolean;
  readonly multiple?: boolean;
}

/** A command as the manifest has it: all that finding, reading, helping and completing need, without its class. */
export interface CommandSpec {
  /** As oclif has it: words joined by a colon. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** What follows its words, where that is more than its arguments and required flags. */
  readonly usage?: string;
  readonly examples: readonly { readonly description: string; readonly command: string }[];
  readonly args: Readonly<Record<string, ArgSpec>>;
  readonly flags: FlagTable;
}

/**
 * Every command there is, in the order of the help, out of oclif.manifest.json: `npm run manifest` writes it from the classes,
 * and a test compares the two.
 */
export const commands = Object.values(manifest.commands as unknown as Readonly<Record<string, CommandSpec>>);

/** `pvc:retire` → `pvc retire`, as it is typed. */
export function words(id: string): string {
  return id.replaceAll(':', ' ');
}
