import type { Node } from '../../domain/kube.ts';
import { conditions, OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** Nodes without their images and volumes, which are most of them. */
export const nodes: ListSlice<Node> = {
  resource: { group: '', version: 'v1', resource: 'nodes', namespaced: false },
  decode: shaped<Node>({
    ...OBJECT,
    spec: shaped<Node['spec']>({ unschedulable: KEEP, taints: KEEP }),
    status: shaped<Node['status']>({
      conditions,
      nodeInfo: shaped<NonNullable<Node['status']['nodeInfo']>>({ bootID: KEEP }),
    }),
  }),
};
