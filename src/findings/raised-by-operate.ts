import type { CatalogueEntry } from './check.ts';

/** What the driver raises (operate/): it knows the record, the readings and the permissions, which checks do not. */
export const RAISED: readonly CatalogueEntry[] = [
  {
    id: 'admission-refuses',
    title: 'An admission policy or webhook rejects a change',
    meaning:
      'Before the first write, the API server is asked with a dry run to scale or create the StatefulSet as planned, and --dry-run=server asks it about every different change. A ValidatingAdmissionPolicy or an admission webhook denied it, or a webhook that must be asked could not be called. The operation would stop at that step. A denial of a later step is likely, not certain: the policy sees the current object instead of the one that the steps before will leave.',
    remedy: 'Read what the policy requires, and ask its owner. Where a webhook cannot be called, repair or remove its configuration first.',
    source: 'dryRun=All; the message of the API server’s Status (apiserver/pkg/admission), seen on 1.36',
    override: 'never',
  },
  {
    id: 'archive-not-writable',
    title: 'The archive cannot be kept',
    meaning:
      'You may not write the Secret in which the manifest, the PVCs and the way back are kept. Without it nobody could continue the operation or restore the set.',
    remedy:
      'Ask for get, create and patch on Secrets in the namespace. A delete, and only that, can do without: --save-to FILE keeps the archive in a file instead.',
    source: 'SelfSubjectAccessReview',
    override: 'never',
  },
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
    id: 'other-operation',
    title: 'Another operation is open on the StatefulSet',
    meaning:
      'Someone began an operation that is not finished: its record is on the set, or on the index Secret while there is no set. Two operators on one set would undo each other’s steps. A record that cannot be read is treated the same: nobody knows what it promises.',
    remedy:
      'Resume it by re-running the same command, or cancel it. While its client is running, ask its user; one that has sent no heartbeat for 40s can be taken over.',
    source: 'the record in annotation sts-safe.dev/operation',
    override: 'never',
  },
  {
    id: 'permission-missing',
    title: 'You may not do what the plan needs',
    meaning:
      'The API server was asked before the first write whether every step is allowed, and said no to one. Beginning anyway would stop part-way.',
    remedy: 'Ask for the verb, resource and namespace that the message names.',
    source: 'SelfSubjectAccessReview',
    override: 'never',
  },
];
