import type { CatalogueEntry } from './entry.ts';

/** About what may be seen and done; raised by the driver, not by a check. */
export const LOOKING: readonly CatalogueEntry[] = [
  {
    id: 'evidence-unknown',
    title: 'Something that matters could not be read',
    meaning:
      'A list or an object was forbidden, timed out or failed. That is not the same as empty: what it would show was not checked. Where the operation needs it, it refuses; where it only advises, it warns.',
    remedy: 'Ask for the permission that the message names, or try again when the server answers.',
    source: 'docs/adr/0003-evidence-is-read-absent-or-unknown.md',
    override: 'never',
  },
  {
    id: 'permission-missing',
    title: 'You may not do what the plan needs',
    meaning:
      'The API server was asked before the first write whether every step is allowed, and said no to one. Beginning anyway would stop half-way.',
    remedy: 'Ask for the verb, resource and namespace that the message names.',
    source: 'SelfSubjectAccessReview',
    override: 'never',
  },
  {
    id: 'archive-not-writable',
    title: 'The archive cannot be kept',
    meaning:
      'You may not write the Secret in which the manifest, the claims and the way back are kept. Without it nobody could continue the operation or restore the set.',
    remedy:
      'Ask for get, create and patch on Secrets in the namespace. A delete, and only that, can do without: --save-to FILE keeps the archive in a file instead.',
    source: 'SelfSubjectAccessReview',
    override: 'never',
  },
];
