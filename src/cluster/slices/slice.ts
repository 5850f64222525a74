import type { KubeObject } from '../../domain/kube.ts';
import type { Target } from '../../domain/snapshot.ts';
import type { Resource } from './resource.ts';

/** How one list slice is read: what it is called, and what is kept of each object. */
export interface ListSlice<T extends KubeObject> {
  readonly resource: Resource;
  /** Takes an object as served and keeps what the program uses. */
  readonly decode: (raw: T) => T;
  /** Not a part of Kubernetes: most clusters do not serve it. */
  readonly addOn?: true;
  /** Which objects are kept at all; absent: every one. */
  readonly keeps?: (raw: T) => boolean;
  /** The server sends nothing of the objects but their metadata. */
  readonly metadataOnly?: true;
  /** Field selector of what is about this target or, where it names none, about any; absent: the whole list is read. */
  readonly about?: (target: Partial<Target>) => string;
  /** The namespace that is listed, where that is not the target's; undefined for all. */
  readonly within?: () => string | undefined;
  /** Namespace that an object counts for, where that is not its own (volumes belong to their claim's); undefined for each. */
  readonly belongsTo?: (object: T) => string | undefined;
}
