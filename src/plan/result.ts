import type { Finding } from '../domain/finding.ts';
import type { ClusterRef, Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';

export type Outcome =
  | 'done'
  | 'nothing-to-do'
  | 'dry-run'
  | 'refused'
  | 'declined'
  /** As planned: a command resumes it. */
  | 'paused'
  /** Stopped, after the first write held where it is. */
  | 'stopped'
  /** Exit code 1: it could not begin. Exit code 4: ended after the first write: time-out, changed world, lost answer, rejected write. */
  | 'failed';

/** What an operation ends with; printed as text or as JSON `kind: OperationResult`. */
export interface OperationResult {
  readonly operation: OperationName;
  readonly target: Target;
  readonly cluster: ClusterRef;
  readonly outcome: Outcome;
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 130;
  readonly message: string;
  /** What would help, where it ended before the first write. */
  readonly hint?: string;
  readonly digest?: string;
  readonly done: readonly string[];
  /** The first of the remaining steps, where its write is made and only what verifies it is not there. */
  readonly started?: string;
  readonly remaining: readonly string[];
  readonly findings: readonly Finding[];
  /** Command lines: the one that goes on and the one that goes back; present when something remains, or can be brought back. */
  readonly resumeCommand?: string;
  readonly cancelCommand?: string;
  /** What came out otherwise than it was, to stay: "StatefulSet web is not as archived in spec.foo". */
  readonly warnings?: readonly string[];
  /** What was verified at the end, one sentence each: "3 claims are the same objects, Bound, without owners". */
  readonly verified: readonly string[];
}
