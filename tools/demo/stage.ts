/** What the demo is played on. */
export interface Stage {
  play(): Promise<void>;
  /** Takes everything down, or with --keep says how to use it and how to end it. */
  end(): Promise<void>;
}
