import type { ChangeValues } from '../change.ts';

/** What `run` was asked for. */
export interface RunbookRequest {
  /** As typed. */
  readonly path: string;
  /** `name=value` */
  readonly set: readonly string[];
  /** `client` and `server`: a dry run. */
  readonly mode: 'run' | 'check' | 'client' | 'server';
  readonly resume: boolean;
  readonly journal?: string;
  /** Steps that are approved beforehand. */
  readonly approve: readonly string[];
}

/** The flags of `run`, as those of a command that changes something. */
export type RunbookValues = ChangeValues;
