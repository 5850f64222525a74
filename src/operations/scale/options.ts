/** What `scale` was asked to do; stored in the archive, so that a resumed scale plans the same. */
export interface ScaleOptions {
  readonly replicas: number;
  /** Refuse unless the set has exactly so many now (kubectl's --current-replicas). */
  readonly currentReplicas?: number;
  /** Going up one member at a time, each Ready before the next. */
  readonly oneByOne?: boolean;
}
