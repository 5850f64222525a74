/** What people are told about one finding, whatever set it is about: `explain ID`, and a section of docs/findings.md. */
export interface CatalogueEntry {
  /** Stable; what `--allow` takes. */
  readonly id: string;
  /** A few words, for lists. */
  readonly title: string;
  /** What it means, what the controller does, and why that is dangerous. */
  readonly meaning: string;
  readonly remedy: string;
  /** Where the rule comes from: a controller's file, a KEP, an issue of kubernetes/kubernetes where only a number is given. */
  readonly source: string;
  /** Whether `--allow` goes past it where it blocks. */
  readonly override: 'allow' | 'never';
}
