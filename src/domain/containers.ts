import type { Container, ContainerStatus, Pod } from './kube.ts';

/** The containers of a Pod, counted as kubectl counts them (pkg/printers/internalversion, printPod). */
export interface ContainerCount {
  /** Those of spec.containers and the sidecars. */
  readonly total: number;
  readonly ready: number;
  /** Of those; while the Pod is being initialized, of its init containers. */
  readonly restarts: number;
  /** Names of those that are not ready. */
  readonly unready: readonly string[];
}

/** A sidecar: an init container that is restarted as long as the Pod runs, and counts for its readiness (since 1.29). */
function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always';
}

/** Sidecars and the main containers, ready or not. */
export function countContainers({ spec, status }: Pod): ContainerCount {
  const { containers, initContainers = [] } = spec;
  const sidecars = initContainers.filter(isSidecar);
  const counted = [
    ...sidecars.map((each) => [each, status.initContainerStatuses] as const),
    ...containers.map((each) => [each, status.containerStatuses] as const),
  ];
  const unready = counted.filter(([{ name }, statuses]) => statusOf(name, statuses)?.ready !== true).map(([{ name }]) => name);
  const all = isInitialized(status.conditions) || waitingInit({ spec, status }) === undefined;
  const names = new Set(sidecars.map(({ name }) => name));
  const restarted = [
    ...(status.initContainerStatuses ?? []).filter(({ name }) => !all || names.has(name)),
    ...(all ? (status.containerStatuses ?? []) : []),
  ];
  return {
    total: counted.length,
    ready: counted.length - unready.length,
    restarts: restarted.reduce((sum, { restartCount }) => sum + restartCount, 0),
    unready,
  };
}

/** The init container that the Pod is at: the first that has neither ended well nor, a sidecar, started. */
export function waitingInit({ spec, status }: Pick<Pod, 'spec' | 'status'>): ContainerStatus | undefined {
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  return status.initContainerStatuses?.find(
    ({ name, state, started }) => state?.terminated?.exitCode !== 0 && !(sidecars.has(name) && started === true),
  );
}

function isInitialized(conditions: Pod['status']['conditions']): boolean {
  return conditions?.some(({ type, status }) => type === 'Initialized' && status === 'True') === true;
}

function statusOf(name: string, statuses: readonly ContainerStatus[] = []): ContainerStatus | undefined {
  return statuses.find((status) => status.name === name);
}

/** Where a command runs that names no container: as kubectl chooses it (kubectl/pkg/cmd/util/podcmd, FindOrDefaultContainerByName). */
export function defaultContainer({ metadata, spec: { containers } }: Pod): string {
  const chosen = metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  return containers.find(({ name }) => name === chosen)?.name ?? containers[0]?.name ?? '';
}
