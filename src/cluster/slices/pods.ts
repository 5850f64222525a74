import type { Container, ContainerStatus, Pod, PodSpec, VolumeSource } from '../../domain/kube.ts';
import { pick, pickConditions, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const pods: ListSlice<Pod> = {
  resource: { group: '', version: 'v1', resource: 'pods', namespaced: true },
  decode: decodePod,
};

/** A Pod without probes, security and the like, which are most of it. */
export function decodePod(raw: Pod): Pod {
  const { status } = raw;
  return {
    metadata: pickMetadata(raw.metadata),
    spec: decodeSpec(raw.spec),
    status: {
      ...pick(status, 'phase', 'podIP'),
      ...pickConditions(status.conditions),
      ...(status.containerStatuses && { containerStatuses: status.containerStatuses.map(decodeStatus) }),
      ...(status.initContainerStatuses && { initContainerStatuses: status.initContainerStatuses.map(decodeStatus) }),
    },
  };
}

function decodeSpec(spec: PodSpec): PodSpec {
  return {
    ...pick(spec, 'nodeName', 'hostname', 'subdomain', 'terminationGracePeriodSeconds'),
    containers: spec.containers.map(decodeContainer),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(decodeContainer) }),
    // Only those of evictions: how long a Pod outlives its node.
    ...(spec.tolerations && {
      tolerations: spec.tolerations.filter(({ effect }) => effect === undefined || effect === '' || effect === 'NoExecute'),
    }),
    ...(spec.volumes && { volumes: spec.volumes.map(decodeVolume) }),
  };
}

function decodeContainer(container: Container): Container {
  return {
    ...pick(container, 'name', 'image', 'command', 'args'),
    ...(container.env && { env: container.env.map((variable) => pick(variable, 'name', 'value')) }),
  };
}

function decodeVolume(volume: VolumeSource): VolumeSource {
  return pick(volume, 'name', 'persistentVolumeClaim', 'ephemeral');
}

function decodeStatus(status: ContainerStatus): ContainerStatus {
  return pick(status, 'name', 'ready', 'started', 'restartCount', 'image', 'imageID', 'state', 'lastState');
}
