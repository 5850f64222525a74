import type { Finding } from '../domain/finding.ts';
import type { Plan } from './plan.ts';
import type { OperationResult } from './result.ts';

/**
 * Everything that happens while an operation runs (law 8). Live list, plain lines and JSON lines are three consumers;
 * `at` is the server's time in milliseconds since the epoch.
 */
export type OperationEvent =
  | { readonly type: 'operation-started'; readonly plan: Plan; readonly at: number }
  | {
      readonly type: 'step-started';
      readonly id: string;
      readonly title: string;
      readonly index: number;
      readonly total: number;
      readonly at: number;
    }
  /** Something worth a line while a step waits: "web-2 is terminating, 12s of 30s grace left". Replaces the last one. */
  | { readonly type: 'step-note'; readonly id: string; readonly message: string; readonly at: number }
  | {
      readonly type: 'step-finished';
      readonly id: string;
      readonly title: string;
      readonly at: number;
      readonly tookMs: number;
      readonly already: boolean;
    }
  | { readonly type: 'step-failed'; readonly id: string; readonly title: string; readonly at: number; readonly message: string }
  | { readonly type: 'warning'; readonly message: string; readonly finding?: Finding; readonly at: number }
  /** Ctrl-C came in a section that cannot be interrupted. */
  | { readonly type: 'stop-deferred'; readonly message: string; readonly at: number }
  | { readonly type: 'stopping'; readonly message: string; readonly at: number }
  | { readonly type: 'operation-finished'; readonly result: OperationResult; readonly at: number };

/** A renderer: data in, nothing out. It never throws for a full or closed stream. */
export interface EventSink {
  emit(event: OperationEvent): void;
  /** Flushes and gives the terminal back; safe to call twice. */
  close(): void;
}
