/** A permission that something needs: one question to SelfSubjectAccessReview, one rule of a Role. */
export interface AccessNeed {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}
