/** Which PVCs are to be shown. */
export interface PvcRequest {
  readonly show: 'all' | 'orphans' | 'released';
  /** Of this StatefulSet alone, living or deleted. */
  readonly set?: string;
  readonly allNamespaces: boolean;
  readonly selector?: string;
}
