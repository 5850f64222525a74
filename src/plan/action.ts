import type { Json } from '../domain/kube.ts';
import { isSameRef, type ObjectRef } from '../domain/object-ref.ts';
import type { Gate } from './gate.ts';

/**
 * One field of an object before and after. `undefined` means "not there". Both ends are stated so that the server can
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

/**
 * An annotation that holds this as JSON, with who wrote it (`by`), when (`at`) and why (`reason`): those are no part of a plan, which
 * another client may confirm later.
 */
export interface Signed {
  readonly annotation: string;
  readonly says: Readonly<Record<string, Json>>;
}

/** What a patch makes of an object. */
export type Edit =
  /** These fields, each tested on the value that it is planned on; none where only the record is written. */
  | { readonly kind: 'fields'; readonly changes: readonly FieldChange[]; readonly signed?: Signed }
  /** These fields get these values, whatever the server made of those that we sent: of the object that we created. */
  | { readonly kind: 'values'; readonly values: readonly FieldValue[] }
  /** Items into and out of a list that other clients write as well. */
  | ListEdit
  /** No owner reference to this set or its members, by which the garbage collector would take the object along. */
  | { readonly kind: 'disown'; readonly set: string; readonly setUid: string }
  /** managedFields as they were saved, so that Helm and GitOps own what they owned; nothing else in that patch. */
  | { readonly kind: 'managers'; readonly archive: string };

/**
 * Items into and out of a list, whatever else is in it by then, and fields that get values whatever they were. What it rests on is
 * tested in the same request.
 */
export interface ListEdit {
  readonly kind: 'list';
  /** JSON pointer. */
  readonly path: string;
  readonly add: readonly Json[];
  readonly remove: readonly Json[];
  readonly values: readonly FieldValue[];
  readonly signed?: Signed;
  /** Fields that must be as planned: a node's boot, and that it is not Ready. */
  readonly tests: readonly FieldValue[];
}

/** An object that is written: by UID, or, without one, the object that this operation has created. */
export interface Written {
  readonly ref: ObjectRef;
  readonly uid?: string;
}

/** One atomic JSON patch of each object, tested on its uid. Fields of the record's carrier travel in one patch with the record. */
export interface PatchWrite {
  readonly verb: 'patch';
  readonly objects: readonly Written[];
  readonly edit: Edit;
}

/** Creates the object from what the archive has saved of it, or from the manifest that the plan itself holds. */
export interface CreateWrite {
  readonly verb: 'create';
  readonly ref: ObjectRef;
  readonly archive: string;
  readonly manifest?: Readonly<Record<string, Json>>;
  /** A set is created Retain/Retain, with its partition above every Pod and this many replicas. */
  readonly replicas?: number;
}

/** Deletes the object by uid and resourceVersion. */
export interface DeleteWrite {
  readonly verb: 'delete';
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly propagation?: 'Orphan';
  /** Of a Pod: no kubelet is waited for. */
  readonly graceSeconds?: 0;
  /** Of a Pod: by the eviction API, which honors PodDisruptionBudgets. */
  readonly evicts?: true;
}

/** Saves the set's manifest, before anything is changed. */
export interface ArchiveWrite {
  readonly verb: 'archive';
  readonly archive: string;
  /** In its Secret, or in the file of --save-to alone. */
  readonly place: 'secret' | 'file';
  /** Name of the Service that is saved with it. */
  readonly service?: string;
}

/** The operation record alone. */
export type RecordWrite =
  /** To the index Secret: the set is about to go, or is not there yet. */
  | { readonly verb: 'record'; readonly do: 'move' }
  /** The one on the set, whoever runs it, says that it is paused: its holder stops. */
  | { readonly verb: 'record'; readonly do: 'pause'; readonly uid: string }
  /** Removed from the index Secret; the archive is marked as one of a deletion, or not. */
  | { readonly verb: 'record'; readonly do: 'close'; readonly carrier: 'index'; readonly setDeleted?: boolean }
  /** Removed from the set, in one patch with giving back the ownership of the fields that we took. */
  | { readonly verb: 'record'; readonly do: 'close'; readonly carrier: 'set'; readonly uid: string; readonly handBack?: true };

/** A write to the cluster, as data: printed, digested, recorded and executed from this one object (law 1). */
export type Write = PatchWrite | CreateWrite | DeleteWrite | ArchiveWrite | RecordWrite;

/** Asks one Pod, or somebody about it. A hook does something, once; a gate may be asked again until its answer is well. */
export interface GateAction {
  readonly do: 'gate' | 'hook';
  readonly gate: Gate;
  readonly pod: string;
}

/** What a step does. Closed: every `switch` over it is checked for completeness. */
export type Action =
  | { readonly do: 'write'; readonly write: Write }
  | GateAction
  /** Nothing to write; the step is its `verify` conditions. */
  | { readonly do: 'wait' }
  /** Ends the run there, recorded as paused, and with exit code 0. `at`: what has been reached: "1 of 3 Pods updated". */
  | { readonly do: 'pause'; readonly at: string };

/** A patch of fields as an action. */
export function changeOf(ref: ObjectRef, uid: string, changes: readonly FieldChange[], signed?: Signed): Action {
  const edit: Edit = { kind: 'fields', changes, ...(signed === undefined ? {} : { signed }) };
  return { do: 'write', write: { verb: 'patch', objects: [{ ref, uid }], edit } };
}

/** A patch of an object that this operation creates, as an action. */
export function putBackOf(ref: ObjectRef, values: readonly FieldValue[]): Action {
  return { do: 'write', write: { verb: 'patch', objects: [{ ref }], edit: { kind: 'values', values } } };
}

/** Fields that a write sets, as they will be; none where that is not known before. */
export function fieldsWritten(write: Write | undefined): readonly FieldValue[] {
  if (write?.verb !== 'patch') return [];
  if (write.edit.kind === 'fields') return write.edit.changes;
  return write.edit.kind === 'values' ? write.edit.values : [];
}

/** The write of an action, if it has one. */
export function writeOf(action: Action | undefined): Write | undefined {
  return action?.do === 'write' ? action.write : undefined;
}

/** The objects that a write is about; none where it writes what is ours alone. */
export function refsOf(write: Write | undefined): readonly ObjectRef[] {
  switch (write?.verb) {
    case 'patch':
      return write.objects.map(({ ref }) => ref);
    case 'create':
    case 'delete':
      return [write.ref];
    case 'archive':
    case 'record':
    case undefined:
      return [];
  }
}

/** Whether a write is a patch of fields of this very object: then it carries the record, where that stands on the object. */
export function isChangeOf(write: Write, ref: ObjectRef): boolean {
  return write.verb === 'patch' && write.edit.kind === 'fields' && write.objects.every((one) => isSameRef(one.ref, ref));
}
