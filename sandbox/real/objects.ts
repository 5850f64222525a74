import type { Manifest } from '../control-plane/objects.ts';
import { gateway, gatewayPort } from './addresses.ts';

/** The API server has no address in the nodes' network, so it cannot write where Pods find the Service "kubernetes". */
export const apiEndpoints: Manifest = {
  path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  body: {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [gateway], conditions: { ready: true } }],
    ports: [{ name: 'https', port: gatewayPort, protocol: 'TCP' }],
  },
};
