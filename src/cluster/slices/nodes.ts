import type { Lease, Node, Pod, VolumeAttachment } from '../../domain/kube.ts';
import { nodeOf } from '../../domain/snapshot.ts';
import { conditions, OBJECT } from './metadata.ts';
import { containersWithPorts, podShape } from './pods.ts';
import { DROP, KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

const resource = { group: '', version: 'v1', resource: 'nodes', namespaced: false } as const;

const spec = shaped<Node['spec']>({ unschedulable: KEEP, taints: KEEP, providerID: KEEP });
const nodeInfo = shaped<NonNullable<Node['status']['nodeInfo']>>({ bootID: KEEP });

/** Nodes without their images and volumes, which are most of them. */
export const nodes: ListSlice<Node> = {
  resource,
  decode: shaped<Node>({ ...OBJECT, spec, status: shaped<Node['status']>({ conditions, nodeInfo, volumesInUse: DROP }) }),
};

/** The one node that a look is about. */
export const node: ListSlice<Node> = {
  resource,
  decode: shaped<Node>({ ...OBJECT, spec, status: shaped<Node['status']>({ conditions, nodeInfo, volumesInUse: KEEP }) }),
  about: (target) => `metadata.name=${nodeOf(target) ?? ''}`,
};

/** Where kubelets keep the Leases of their nodes (k8s.io/api/core/v1, NamespaceNodeLease). */
const LEASES = 'kube-node-lease';

/** Its Lease. */
export const lease: ListSlice<Lease> = {
  resource: { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespaced: true },
  decode: shaped<Lease>({
    ...OBJECT,
    spec: shaped<Lease['spec']>({ holderIdentity: KEEP, leaseDurationSeconds: KEEP, renewTime: KEEP }),
  }),
  about: (target) => `metadata.name=${nodeOf(target) ?? ''}`,
  within: () => LEASES,
};

/** The Pods that are bound to it, of all namespaces. */
export const nodePods: ListSlice<Pod> = {
  resource: { group: '', version: 'v1', resource: 'pods', namespaced: true },
  decode: shaped(podShape(containersWithPorts)),
  about: (target) => `spec.nodeName=${nodeOf(target) ?? ''}`,
  within: () => undefined,
};

/** What is attached to nodes; the API server does not select by node. */
export const attachments: ListSlice<VolumeAttachment> = {
  resource: { group: 'storage.k8s.io', version: 'v1', resource: 'volumeattachments', namespaced: false },
  decode: shaped<VolumeAttachment>({ ...OBJECT, spec: KEEP, status: KEEP }),
};
