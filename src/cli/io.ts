/** The streams and surroundings of one run, injected so that tests run `main` in-process. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: SignalSource;
  /** Ends the process at once, for a second Ctrl-C; an orderly end is the exit code that main returns. */
  leaveNow(code: number): void;
}

/** What is needed of a writable stream. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Where Ctrl-C and its like come from: the process, or a test. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}
