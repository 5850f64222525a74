import type { Json } from '../domain/kube.ts';
import type { ClaimIdentity } from './condition.ts';

/**
 * One field of the set before and after. `undefined` means "not there". Both ends are stated so that the server can
 * test the old value in the same atomic patch, and so that a reader of the plan sees what changes.
 */
export interface FieldChange {
  /** JSON pointer, e.g. `/spec/replicas`. */
  readonly path: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

/** A field and the value that it gets; `undefined` removes it. */
export type FieldValue = Pick<FieldChange, 'path' | 'to'>;

/** A write to the cluster, as data: printed, digested, recorded and executed from this one object (law 1). */
export type Write =
  /** Creates the archive Secret and enters it in the index Secret; not yet a change to the set. */
  | { readonly kind: 'save-archive'; readonly archive: string; readonly withService?: string; readonly onlyFile?: true }
  /** One atomic JSON patch of the set: these fields and the record together, tested on uid, generation and record. */
  | { readonly kind: 'change-set'; readonly uid: string; readonly changes: readonly FieldChange[] }
  /** Removes every owner reference to the set or its members from these claims, tested on uid and on the present value. */
  | { readonly kind: 'strip-owners'; readonly set: string; readonly setUid: string; readonly claims: readonly ClaimIdentity[] }
  /** Writes the record to the index Secret: the set is about to go, or is not there yet. */
  | { readonly kind: 'record-on-index' }
  /** Deletes the set with propagationPolicy Orphan, by uid and resourceVersion. */
  | { readonly kind: 'delete-set'; readonly uid: string }
  /** Deletes the governing Service by uid (it is kept in the archive). */
  | { readonly kind: 'delete-service'; readonly name: string; readonly uid: string }
  | { readonly kind: 'create-service'; readonly name: string; readonly archive: string }
  /** Deletes a claim by uid: its data goes with it where the volume's reclaim policy says so. */
  | { readonly kind: 'delete-claim'; readonly claim: string; readonly uid: string }
  /** Creates the set from the archive's manifest: Retain/Retain, partition above every member, `replicas` members. */
  | { readonly kind: 'create-set'; readonly archive: string; readonly replicas: number }
  /** One patch of the set that we created: these fields get these values, whatever the server made of ours. */
  | { readonly kind: 'put-back'; readonly fields: readonly FieldValue[] }
  /** Gives the archive's managedFields back, so that Helm and GitOps own what they owned; nothing else in that patch. */
  | { readonly kind: 'hand-back-fields'; readonly archive: string }
  /** Removes the operation record. From the set, in one patch with giving back the ownership of the fields that we took. */
  | {
      readonly kind: 'close-record';
      readonly carrier: 'set' | 'index';
      readonly uid?: string;
      readonly setDeleted?: boolean;
      readonly handBack?: true;
    };

/** What a step does. Closed: every `switch` over it is checked for completeness. */
export type Action =
  | { readonly do: 'write'; readonly write: Write }
  /** Nothing to write; the step is its `verify` conditions. */
  | { readonly do: 'wait' };
