/** Where progress goes. `live` is there on a terminal only: a line that the next one replaces. */
export interface Reporter {
  line(text: string): void;
  live?(text: string): void;
}
