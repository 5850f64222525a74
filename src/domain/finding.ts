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
 * What would help, as data (law 12): a command of the plugin with its options, or a kubectl call where it has none. One pure
 * function prints the command line.
 */
export type Remedy = OperationRemedy | KubectlRemedy;

export interface OperationRemedy {
  readonly do: 'operation';
  /** `scale`, `restore`, … or one that only looks: `status`, `operations`. */
  readonly operation: string;
  /** What it is about; absent where it is about no object. */
  readonly subject?: Subject;
  /** As it takes them; names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly why?: string;
}

export interface KubectlRemedy {
  readonly do: 'kubectl';
  /** The words after `kubectl`; namespace and context are added where it is printed. */
  readonly args: readonly string[];
  readonly why?: string;
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
