import type { StatefulSet } from '../domain/kube.ts';

/** How options hold a time: as a whole number of milliseconds, `120000ms`. */
export const MILLISECONDS = '^\\d+ms$';

const MINUTE_MS = 60_000;
const FLOOR_MS = 10 * MINUTE_MS;
const BESIDE_GRACE_MS = 5 * MINUTE_MS;

interface Probe {
  readonly failureThreshold?: number;
  readonly periodSeconds?: number;
  readonly initialDelaySeconds?: number;
}

/**
 * How long one member may take (product, section 2): the longest of 10 minutes, grace + 5 minutes, and what its start-up
 * probes allow, and minReadySeconds on top, unless --step-timeout says otherwise.
 * @returns milliseconds
 */
export function stepTimeout(set: StatefulSet, override: number | undefined): number {
  if (override !== undefined) return override;
  const graceMs = (set.spec.template.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  const readyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  return Math.max(FLOOR_MS, graceMs + BESIDE_GRACE_MS, startupBudgetMs(set) + BESIDE_GRACE_MS) + readyMs;
}

/** Failure threshold × period of the slowest start-up probe, with the API's defaults 3 × 10 s. */
function startupBudgetMs(set: StatefulSet): number {
  const probes = set.spec.template.spec.containers.map((container) => (container as { readonly startupProbe?: Probe }).startupProbe);
  return Math.max(
    0,
    ...probes.map((probe) =>
      probe === undefined ? 0 : ((probe.initialDelaySeconds ?? 0) + (probe.failureThreshold ?? 3) * (probe.periodSeconds ?? 10)) * 1000,
    ),
  );
}
