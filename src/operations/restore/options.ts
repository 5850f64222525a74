/** What `restore` was asked to do. */
export interface RestoreOptions {
  /** Archive to restore from; default the newest. */
  readonly archive?: string;
  /** Take over the running Pods of that name, when they match. */
  readonly adopt?: boolean;
}
