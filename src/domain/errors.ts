import type { Admission } from './admission.ts';

/**
 * Typed errors; cli/exit maps each to one sentence and an exit code (law 10).
 * `sent` says what an error after a request means for the world.
 */
export type Sent =
  /** Never left this process, or the connection was refused: nothing can have changed. */
  | 'not-sent'
  /** The server answered 4xx, or that admission rejected it: it definitely did not do it. */
  | 'rejected'
  /** Sent, and no clear answer (connection lost, 5xx, time-out): read back before saying anything. */
  | 'unanswered';

/** The API server said no, or said nothing. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number | undefined;
  readonly reason: string;
  readonly sent: Sent;
  readonly request: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The policy or webhook that rejected the write, if that is what happened. */
  readonly admission: Admission | undefined;

  constructor(fields: {
    message: string;
    /** HTTP status; undefined when there was no answer. */
    status: number | undefined;
    /** Kubernetes' Status.reason (`NotFound`, `Conflict`, `Invalid`, `Forbidden` …), or a node error code (`ECONNREFUSED`). */
    reason: string;
    sent: Sent;
    /** `GET /apis/…` for messages and -v 6. */
    request: string;
    details?: Readonly<Record<string, unknown>> | undefined;
    retryAfterSeconds?: number | undefined;
    admission?: Admission | undefined;
    cause?: unknown;
  }) {
    super(fields.message, { cause: fields.cause });
    this.status = fields.status;
    this.reason = fields.reason;
    this.sent = fields.sent;
    this.request = fields.request;
    this.details = fields.details;
    this.retryAfterSeconds = fields.retryAfterSeconds;
    this.admission = fields.admission;
  }
}

/** The command line is wrong: exit 2. `hint` says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** It cannot be done, and nothing was changed: unknown set, bad kubeconfig, dead server. Exit 1. */
export class CannotError extends Error {
  override readonly name = 'CannotError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** Refused or declined before the first write: exit 3. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The world is not what the plan was made on; says what changed. Before the first write exit 3, after it exit 4. */
export class ChangedError extends Error {
  override readonly name = 'ChangedError';
}

/** Stopped by the operator: Ctrl-C, SIGTERM, or the end of --timeout / --step-timeout; or by what will hardly end by itself (a finalizer, a crash loop, a gate). */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly by: 'interrupt' | 'terminate' | 'timeout' | 'hopeless';

  constructor(by: StoppedError['by'], message: string) {
    super(message);
    this.by = by;
  }
}
