/** `blocks` refuses before the first write, `warns` is shown with the plan, `notes` is for those who ask. */
export type Severity = 'blocks' | 'warns' | 'notes';

export type Grade = 'proven' | 'likely' | 'unknown' | 'contradicted';

/** Kubernetes' words for an object, as printed: `pod/web-1`. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Evidence {
  readonly object: string;
  readonly field: string;
  readonly value: string;
}

/**
 * What would help, as data (law 12): an operation of ours with options, or a kubectl call where ours has none.
 * One pure function prints the command line.
 */
export interface Remedy {
  readonly tool: 'sts-safe' | 'kubectl';
  /** `scale`, `delete`, … or kubectl's verb. */
  readonly command: string;
  readonly args: readonly string[];
  readonly why?: string;
  /** Of an operation of ours, as it takes them: whether it would be accepted is tried before it is printed. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Finding {
  /** Stable, kebab-case, self-explaining; the catalogue in findings/ knows every one. */
  readonly id: string;
  readonly severity: Severity;
  readonly grade: Grade;
  readonly subject: Subject;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
  /** Whether `--allow <id>` goes past it in this operation. */
  readonly override: 'allow' | 'never';
}
