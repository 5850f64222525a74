import { provisionerName } from './commands.ts';
import { nodeAddress, nodeName } from './kwok.ts';
import type { BootOptions } from './options.ts';

/** Objects that a kubelet, a cloud or an administrator would have made. */
export interface Manifest {
  path: string;
  body: object;
}

const capacity = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '500Gi', pods: '5000' };

/**
 * KWOK never creates its Node. The annotation must be there from the start, or the attach controller never looks at the node.
 * There is no podCIDR on purpose: KWOK would prefer it to its own range, and every start needs a new one.
 */
export function node(number: number, version: string): Manifest {
  const name = nodeName(number);
  const zone = `zone-${'abc'[number % 3]}`;
  return {
    path: '/api/v1/nodes',
    body: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/region': 'sandbox',
          'topology.kubernetes.io/zone': zone,
        },
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      status: {
        capacity,
        allocatable: capacity,
        addresses: [
          { type: 'InternalIP', address: nodeAddress(number) },
          { type: 'Hostname', address: name },
        ],
        nodeInfo: {
          architecture: 'amd64',
          operatingSystem: 'linux',
          kubeletVersion: `v${version}`,
          kubeProxyVersion: '',
          containerRuntimeVersion: 'kwok://0.8.0',
          kernelVersion: 'none',
          osImage: 'sandbox',
          machineID: name,
          systemUUID: name,
          bootID: name,
        },
      },
    },
  };
}

/**
 * Volumes of `sandbox` and `sandbox-retain` are within reach of all nodes. With real nodes `local` is on one node's own
 * disk, the one that its first Pod comes to, and `shared` is for containers that count their starts (go/node/fence).
 */
export function storageClasses({ real }: Pick<BootOptions, 'real'>): Manifest[] {
  const everywhere = [storageClass('sandbox', { isDefault: true }), storageClass('sandbox-retain', { reclaimPolicy: 'Retain' })];
  if (!real) return everywhere;
  const local = storageClass('local', { parameters: { placement: 'node' }, volumeBindingMode: 'WaitForFirstConsumer' });
  return [...everywhere, local, storageClass('shared')];
}

interface StorageClassWish {
  reclaimPolicy?: 'Delete' | 'Retain';
  isDefault?: boolean;
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  parameters?: Record<string, string>;
}

function storageClass(name: string, wish: StorageClassWish = {}): Manifest {
  const { reclaimPolicy = 'Delete', isDefault = false, volumeBindingMode = 'Immediate', parameters = {} } = wish;
  return {
    path: '/apis/storage.k8s.io/v1/storageclasses',
    body: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
      provisioner: provisionerName,
      parameters,
      reclaimPolicy,
      volumeBindingMode,
      allowVolumeExpansion: true,
    },
  };
}
