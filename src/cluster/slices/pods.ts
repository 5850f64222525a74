import type { Container, ContainerStatus, EnvVar, KubeObject, Pod, PodSpec, Toleration, VolumeSource } from '../../domain/kube.ts';
import { conditions, OBJECT, OBJECT_WITH_FINALIZERS } from './metadata.ts';
import { DROP, each, KEEP, type Shape, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

const CONTAINER: Shape<Container> = {
  name: KEEP,
  image: KEEP,
  command: KEEP,
  args: KEEP,
  env: each(shaped<EnvVar>({ name: KEEP, value: KEEP })),
  restartPolicy: KEEP,
  ports: DROP,
  resources: DROP,
  readinessProbe: DROP,
  livenessProbe: DROP,
  startupProbe: DROP,
};

type Containers = (list: readonly Container[]) => readonly Container[];

const containers: Containers = each(shaped(CONTAINER));

/** The name and the ports of each, for who wants to ask them. */
export const containersWithPorts: Containers = each(shaped<Container>({ ...CONTAINER, command: DROP, args: DROP, env: DROP, ports: KEEP }));

const statuses = each(
  shaped<ContainerStatus>({
    name: KEEP,
    ready: KEEP,
    started: KEEP,
    restartCount: KEEP,
    image: KEEP,
    imageID: KEEP,
    state: KEEP,
    lastState: KEEP,
  }),
);

/** Pods without probes, security and the like, which are most of them. */
export function podShape(containersAre: Containers): Shape<Pod> {
  return {
    ...OBJECT_WITH_FINALIZERS,
    spec: shaped<PodSpec>({
      nodeName: KEEP,
      hostname: KEEP,
      subdomain: KEEP,
      hostnameOverride: KEEP,
      terminationGracePeriodSeconds: KEEP,
      containers: containersAre,
      initContainers: containersAre,
      volumes: each(shaped<VolumeSource>({ name: KEEP, persistentVolumeClaim: KEEP, ephemeral: KEEP })),
      readinessGates: KEEP,
      schedulingGates: KEEP,
      tolerations: (tolerations) => tolerations.filter(isAboutEviction),
    }),
    status: shaped<Pod['status']>({
      phase: KEEP,
      podIP: KEEP,
      podIPs: KEEP,
      conditions,
      containerStatuses: statuses,
      initContainerStatuses: statuses,
    }),
  };
}

export const pods: ListSlice<Pod> = {
  resource: { group: '', version: 'v1', resource: 'pods', namespaced: true },
  decode: shaped(podShape(containers)),
};

/** What tells whose a Pod is, and no more. */
export const podMetadata: ListSlice<KubeObject> = { resource: pods.resource, metadataOnly: true, decode: shaped<KubeObject>(OBJECT) };

/** Others say where a Pod may start; these, how long it outlives its node. */
function isAboutEviction({ effect }: Toleration): boolean {
  return effect === undefined || effect === '' || effect === 'NoExecute';
}
