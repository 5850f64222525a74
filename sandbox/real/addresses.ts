/** Addresses inside the network namespaces that a sandbox with real nodes makes; outside of them nothing has or dials them. */

/** The bridge between the nodes, where they find the API server and the cluster's DNS. */
export const gateway = '10.77.0.1';
export const gatewayPort = 6443;

/** One digit a node: the last is node 9. */
export const maximumRealNodes = 10;

export const realAddress = (node: number): string => `10.77.0.1${node}`;

/** The node's Pods. */
export const realPodRange = (node: number): string => `10.244.${node}.0/24`;

export const allPodRanges = '10.244.0.0/16';
