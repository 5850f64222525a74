import type { Claim, Json } from './kube.ts';
import { FIELD_MANAGER } from './verbs.ts';

/**
 * Whether these fields are those of the PVC's creator: access modes cannot be changed later, so whoever owns them made the PVC.
 * (The manager's name alone says nothing: the PV controller, which is in kube-controller-manager too, writes every PVC that it
 * binds.)
 */
export function isCreators(fieldsV1: Json | undefined): boolean {
  const spec = (fieldsV1 as { readonly 'f:spec'?: Readonly<Record<string, Json>> } | null | undefined)?.['f:spec'];
  return spec?.['f:accessModes'] !== undefined;
}

/** Field manager that created the PVC; undefined where managedFields do not say (they were cut off, or handed on). */
export function creatorOf({ metadata: { managedFields = [] } }: Claim): string | undefined {
  return managedFields.find(({ fieldsV1, subresource }) => subresource === undefined && isCreators(fieldsV1))?.manager;
}

/** Whoever creates PVCs for StatefulSets: the controller, and `pvc restore` of what it had created. */
const MADE_FOR_SETS: ReadonlySet<string> = new Set(['kube-controller-manager', FIELD_MANAGER]);

export function isMadeForSet(manager: string): boolean {
  return MADE_FOR_SETS.has(manager);
}
