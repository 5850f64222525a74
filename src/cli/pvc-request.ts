/** Which PVCs are to be shown. */
export interface PvcRequest {
  readonly show: 'all' | 'orphans' | 'released';
  /** Of this StatefulSet alone, living or deleted. */
  readonly set?: string;
  readonly allNamespaces: boolean;
  readonly selector?: string;
}

/** What a change of PVCs is about: the one that was named, or the namespace of several. */
export function claimTarget(names: readonly string[]): {
  readonly name: string;
  readonly resource: 'persistentvolumeclaims' | 'namespaces';
} {
  const [name, ...more] = names;
  return name === undefined || more.length > 0 ? { name: '', resource: 'namespaces' } : { name, resource: 'persistentvolumeclaims' };
}
