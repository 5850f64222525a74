import type { Evidence } from '../domain/finding.ts';

/**
 * What a PVC is to StatefulSets (semantics, section 3). Only `excess` and `set-deleted` are PVCs that no set would miss now, and
 * both can be claimed again by whoever creates the same name.
 */
export const PVC_CLASSES = ['in-use', 'parked', 'excess', 'set-deleted', 'ambiguous', 'foreign', 'protected', 'unknown'] as const;

export type PvcClass = (typeof PVC_CLASSES)[number];

/** One PVC, what it is, and how that is known. */
export interface Pvc {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly class: PvcClass;
  /** The rest of a sentence that begins with the PVC's name. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** The StatefulSet that generates its name, where exactly one does or did. */
  readonly set?: string;
  readonly ordinal?: number;
  readonly phase: string;
  readonly volume?: string;
  /** Of that volume. */
  readonly reclaimPolicy?: string;
  /** Capacity, or what it asks for while it has none: a quantity as the API writes it. */
  readonly size?: string;
  readonly storageClass?: string;
  /** RFC 3339, server's clock. */
  readonly created?: string;
  /** What could cost its data although nobody asks for it, and what to do first. */
  readonly hazards: readonly string[];
}

/** How many PVCs of a class there are, and how much they hold. */
export interface PvcTotal {
  readonly class: PvcClass;
  readonly count: number;
  readonly size: string;
}

/** A look at all PVCs of a namespace, or of all. */
export interface PvcLook {
  readonly items: readonly Pvc[];
  /** By class, those alone that there are. */
  readonly totals: readonly PvcTotal[];
  /** What could not be read, one sentence each. */
  readonly unread: readonly string[];
}
