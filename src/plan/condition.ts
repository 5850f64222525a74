import type { StatefulSet } from '../domain/kube.ts';

/**
 * Things that can be true of the world; used before a step, to wait, to verify, and by `status --wait` (law 1). A closed
 * union, judged by one pure function (execute/judge/judge.ts) on a Snapshot.
 */
export type Condition =
  /** The set is there: the object of this uid, with so many replicas in its spec, where they are given. */
  | { readonly is: 'set-is'; readonly uid?: string; readonly replicas?: number }
  | { readonly is: 'set-absent' }
  /** No Pod bears a member's name, whoever owns it, but these (uids): Pods that are not the set's and that were allowed to stay. */
  | { readonly is: 'no-members'; readonly but: readonly string[] }
  /** No Pod of that name at all, whoever owns it. */
  | { readonly is: 'no-pod'; readonly name: string }
  /** The Pod of this name is another object than this one, or is not there. */
  | { readonly is: 'pod-gone'; readonly pod: PodIdentity }
  /** These ordinals' Pods exist, are not terminating, Ready, and Available under minReadySeconds. */
  | { readonly is: 'members-ready'; readonly ordinals: readonly number[] }
  /** One of these ordinals' Pods is there, was not told to end, and is not available. */
  | { readonly is: 'member-down'; readonly ordinals: readonly number[] }
  /** Same object (uid), same phase, not terminating. */
  | { readonly is: 'claims-unchanged'; readonly claims: readonly ClaimState[] }
  /** No owner reference by which deleting the set or a member would destroy the claim. */
  | { readonly is: 'claims-unowned'; readonly set: string; readonly setUid: string; readonly claims: readonly ClaimIdentity[] }
  /** No Pod mounts the claim, not even one that has ended. */
  | { readonly is: 'claim-unused'; readonly name: string }
  /** The PV is the same object, and its reclaim policy is Retain. */
  | { readonly is: 'volume-kept'; readonly volume: ObjectUid }
  /** The PV waits for the next PVC of this name, or is bound to one of this name. */
  | { readonly is: 'volume-reserved'; readonly volume: ObjectUid; readonly claim: { readonly namespace: string; readonly name: string } }
  /** The PV and the PVC of this name are bound to each other, by UID. */
  | { readonly is: 'volume-bound'; readonly volume: ObjectUid; readonly claim: string }
  | { readonly is: 'volume-gone'; readonly volume: ObjectUid }
  /** The PVC is gone, or is being deleted and nothing keeps it but this finalizer. */
  | { readonly is: 'claim-released'; readonly claim: ClaimIdentity; readonly finalizer: string }
  /** The same PVC has this size, or more. */
  | { readonly is: 'claim-expanded'; readonly claim: ClaimIdentity; readonly size: string }
  /** These PVCs are gone. */
  | { readonly is: 'claims-gone'; readonly claims: readonly ClaimIdentity[] }
  /** The controller has seen the newest spec; without a uid, of whatever set bears the name (one that we create). */
  | { readonly is: 'set-observed'; readonly uid?: string }
  /** The same, and it has made the revision of the template its current one: what a partition holds is created from that. */
  | { readonly is: 'revision-settled'; readonly uid: string }
  /** NotFound, or another UID under that name. */
  | { readonly is: 'set-gone'; readonly uid: string }
  | { readonly is: 'set-present' }
  /** The same object, not terminating, with these replicas and nothing else in spec that would replace or remove Pods. */
  | { readonly is: 'set-unchanged'; readonly set: StatefulSet; readonly replicas: number }
  /** The same objects (uid), not terminating. */
  | { readonly is: 'pods-unchanged'; readonly pods: readonly PodIdentity[] }
  /** No PVC whose owners are all gone: the garbage collector deletes it as soon as it looks. */
  | { readonly is: 'claims-outlast'; readonly claims: readonly ClaimIdentity[] }
  /** These ordinals' Pods are of the set's newest revision: whatever the controller had to replace is replaced. */
  | { readonly is: 'members-updated'; readonly ordinals: readonly number[] }
  /**
   * Of a rollout that has come down to the ordinal `from`: from there on each Pod is of the set's newest revision, Available, has not
   * restarted more often than `restarts`, runs the same image as the others, and has been Ready without a restart for `soakMs`.
   * With `others`, all Pods below are Available too: no healthy one is replaced while another is down.
   */
  | { readonly is: 'rolled-out'; readonly from: number; readonly soakMs: number; readonly restarts: number; readonly others: boolean }
  /** No Pod of the set, not even one that ends, is outside of this range: with fewer replicas none would be deleted. */
  | { readonly is: 'pods-in-range'; readonly start: number; readonly replicas: number }
  /**
   * The set's template is the one that these Pods were made from: its newest spec is observed, and status.updateRevision is
   * what each of them, by UID, carries (label controller-revision-hash). Lifting the partition restarts none of them.
   */
  | { readonly is: 'pods-of-update-revision'; readonly pods: readonly PodIdentity[] }
  /**
   * The controller will not delete this Pod of the set, which is out of range, by its own rules: it waits for another one, which
   * may be one that stays (below `stayingBelow`): then that is what to wait for.
   */
  | { readonly is: 'left-alone'; readonly pod: string; readonly setUid: string; readonly stayingBelow?: number }
  /** These Pods exist by UID and are controlled by the set of this name. */
  | { readonly is: 'pods-adopted'; readonly pods: readonly PodIdentity[] }
  /** The node of this uid is not Ready, of this boot, and nothing that was read in the last seconds says that anything runs on it. */
  | { readonly is: 'node-silent'; readonly uid: string; readonly bootID: string }
  /** The node of this uid is not Ready: by watch alone. */
  | { readonly is: 'node-unready'; readonly uid: string }
  /** The node of this uid bears no out-of-service taint of ours, and no attestation. */
  | { readonly is: 'node-unfenced'; readonly uid: string }
  /** None of these Pods is bound to the node any more. */
  | { readonly is: 'pods-off-node'; readonly pods: readonly PlacedPod[] }
  /** None of these volumes is attached to the node, or about to be. */
  | { readonly is: 'volumes-off-node'; readonly volumes: readonly string[] }
  /** In place of each of these Pods another one is Ready. */
  | { readonly is: 'pods-replaced'; readonly pods: readonly PlacedPod[] }
  /** Nothing goes with this Pod but what the plan named: the garbage collector would delete it, and nobody agreed to that. */
  | { readonly is: 'owns-only'; readonly pod: string; readonly uid: string; readonly named: readonly ObjectIdentity[] };

/** Whether it is about a PersistentVolume, which belongs to no namespace. */
export function isOfVolume({ is }: Condition): boolean {
  return is.startsWith('volume-');
}

/** An object by kind, name and UID. */
export interface ObjectIdentity extends ClaimIdentity {
  readonly kind: string;
}

/** An object of the cluster by name and UID. */
export type ObjectUid = ClaimIdentity;

/** A Pod as an object, not just as a name. */
export interface PodIdentity {
  readonly name: string;
  readonly uid: string;
}

/** The same, of several namespaces. */
export interface PlacedPod extends PodIdentity {
  readonly namespace: string;
}

/** A claim as an object, not just as a name. */
export interface ClaimIdentity {
  readonly name: string;
  readonly uid: string;
}

export interface ClaimState extends ClaimIdentity {
  readonly phase: string;
}
