import type { Claim, ClaimTemplate } from './kube.ts';
import { parseQuantity } from './quantity.ts';

/** The size that a PVC, or a template of PVCs, requests. */
export function requestOf({ spec }: Pick<Claim | ClaimTemplate, 'spec'>): string | undefined {
  return spec.resources?.requests?.['storage'];
}

/** The size that it has; undefined before it is bound. */
export function capacityOf({ status }: Pick<Claim, 'status'>): string | undefined {
  return status.capacity?.['storage'];
}

/** The size of a PVC in a few words: what it has, or before that what it requests. */
export function sizeOf(claim: Pick<Claim, 'spec' | 'status'>): string | undefined {
  return capacityOf(claim) ?? requestOf(claim);
}

/** Whether this size is below that one; what is not known is. */
export function isSmaller(size: string | undefined, than: string): boolean {
  return quantityOf(size) < quantityOf(than);
}

/** Zero for what is not known, and for what is no quantity. */
export function quantityOf(text: string | undefined): bigint {
  return (text === undefined ? undefined : parseQuantity(text)) ?? 0n;
}
