/** Where progress goes. */
export interface Reporter {
  line(text: string): void;
  /** A line that the next one replaces: on a terminal only. */
  live(text: string): void;
  isLive: boolean;
}

/** A reporter that keeps every line. */
export function plainReporter(line: (text: string) => void): Reporter {
  return { line, live: () => {}, isLive: false };
}
