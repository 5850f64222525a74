import type { Node } from '../../domain/kube.ts';
import { pick, pickConditions, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const nodes: ListSlice<Node> = {
  resource: { group: '', version: 'v1', resource: 'nodes', namespaced: false },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: pick(raw.spec, 'unschedulable', 'taints'),
    status: {
      ...pickConditions(raw.status.conditions),
      ...(raw.status.nodeInfo && { nodeInfo: pick(raw.status.nodeInfo, 'bootID') }),
    },
  }),
};
