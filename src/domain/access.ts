/** A permission that something needs: one question to SelfSubjectAccessReview, one rule of a Role. */
export interface AccessNeed {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A permission, and what for. Names of objects are left out: it is about any object of its kind. */
export interface Permission extends AccessNeed {
  /** `needed`: without it the command refuses. `helpful`: used when allowed; without it less is known, and it says so. */
  readonly why: 'needed' | 'helpful';
  /** Only where the operation has this option. */
  readonly withOption?: string;
}

/** What makes two of them the same question, whatever object they name. */
export const accessKey = ({ verb, group, resource, namespace = '' }: AccessNeed): string => [verb, group, resource, namespace].join('/');

/** Whether the command refuses without it, however it is asked. */
export const isNeeded = ({ why, withOption }: Permission): boolean => why === 'needed' && withOption === undefined;
