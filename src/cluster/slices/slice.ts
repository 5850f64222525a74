import type { KubeObject } from '../../domain/kube.ts';
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
  /** Field selector of what is about the set of this name or, without one, about any set; absent: the whole list is read. */
  readonly about?: (set: string | undefined) => string;
  /** Namespace that an object counts for, where that is not its own (volumes belong to their claim's); undefined for each. */
  readonly belongsTo?: (object: T) => string | undefined;
}
