/** What `delete` was asked to do; stored in the archive, so that a resumed delete plans the same. */
export interface DeleteOptions {
  /** Destroys the data: the claims are deleted at the end. */
  readonly deleteClaims?: boolean;
  /** Also removes the governing Service when nothing else uses it. */
  readonly withService?: boolean;
  /** Secrets may not be written: the archive is only the file of --save-to, and nothing carries a record once the set is gone. */
  readonly withoutSecrets?: boolean;
}
