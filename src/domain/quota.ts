import type { ClaimTemplate, Container, PodSpec, ResourceQuota } from './kube.ts';
import { parseQuantity, type Quantity } from './quantity.ts';
import { quantityOf, requestOf } from './sizes.ts';

/** What creating objects adds to a ResourceQuota's `used`, by resource name (kubernetes pkg/quota/v1/evaluator/core). */
export type Usage = ReadonlyMap<string, Quantity>;

const ONE: Quantity = 1_000_000_000n;

type Amounts = Readonly<Record<string, string>>;
interface Resources {
  readonly requests?: Amounts;
  readonly limits?: Amounts;
}

/** The parts of a template that quotas count; raw JSON has them, the slim type leaves them out. */
export interface CountedSpec extends PodSpec {
  readonly containers: readonly (Container & { readonly resources?: Resources })[];
  readonly initContainers?: readonly (Container & { readonly resources?: Resources; readonly restartPolicy?: string })[];
  readonly overhead?: Amounts;
  readonly resources?: Resources;
  readonly priorityClassName?: string;
}

export function plus(...usages: readonly Usage[]): Usage {
  const sum = new Map<string, Quantity>();
  for (const usage of usages) for (const [name, amount] of usage) sum.set(name, (sum.get(name) ?? 0n) + amount);
  return sum;
}

function larger(a: Usage, b: Usage): Usage {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return new Map(
    names.map((name) => {
      const [x, y] = [a.get(name) ?? 0n, b.get(name) ?? 0n];
      return [name, x > y ? x : y];
    }),
  );
}

function amounts(list: Amounts | undefined): Usage {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text) ?? 0n]));
}

/** Requests default to limits (SetDefaults_Pod). */
function askedBy({ resources }: { readonly resources?: Resources }, what: keyof Resources): Usage {
  return amounts(what === 'limits' ? resources?.limits : { ...resources?.limits, ...resources?.requests });
}

/** Containers run together, init containers one after the other beside the restartable ones before them (KEP-753). */
function aggregate(spec: CountedSpec, what: keyof Resources): Usage {
  let sidecars: Usage = new Map();
  let peak: Usage = new Map();
  for (const container of spec.initContainers ?? []) {
    const asked = plus(sidecars, askedBy(container, what));
    if (container.restartPolicy === 'Always') sidecars = asked;
    peak = larger(peak, asked);
  }
  const running = plus(sidecars, ...spec.containers.map((container) => askedBy(container, what)));
  const whole = new Map([...larger(running, peak), ...amounts(spec.resources?.[what])]);
  return plus(whole, amounts(spec.overhead));
}

/** One Pod: `pods`, `count/pods`, and its compute resources under every name that a quota may use. */
export function podUsage(spec: CountedSpec): Usage {
  const requests = [...aggregate(spec, 'requests')].flatMap(([name, amount]): [string, Quantity][] => [
    [name, amount],
    [`requests.${name}`, amount],
  ]);
  const limits = [...aggregate(spec, 'limits')].map(([name, amount]): [string, Quantity] => [`limits.${name}`, amount]);
  return new Map([...requests, ...limits, ['pods', ONE], ['count/pods', ONE]]);
}

/** One claim of this template; `className` is the class it will get, undefined when unknown or none. */
export function claimUsage({ spec }: ClaimTemplate, className: string | undefined): Usage {
  const storage = quantityOf(requestOf({ spec }));
  const own: [string, Quantity][] = [
    ['persistentvolumeclaims', ONE],
    ['count/persistentvolumeclaims', ONE],
    ['requests.storage', storage],
  ];
  if (className === undefined || className === '') return new Map(own);
  const prefix = `${className}.storageclass.storage.k8s.io`;
  return new Map([...own, [`${prefix}/persistentvolumeclaims`, ONE], [`${prefix}/requests.storage`, storage]]);
}

interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A quota with its scopes; without them it counts everything. */
export interface ScopedQuota extends ResourceQuota {
  readonly spec?: {
    readonly hard?: Amounts;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly Scope[] };
  };
}

function scopesOf({ spec }: ScopedQuota): readonly Scope[] {
  return [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ];
}

/** A quota with scopes counts only Pods that match all of them. Scopes that are not understood match nothing. */
export function countsPods(quota: ScopedQuota, spec: CountedSpec): boolean {
  return scopesOf(quota).every((scope) => inScope(scope, spec));
}

/** Claims have no scopes of these kinds. */
export function countsClaims(quota: ScopedQuota): boolean {
  return scopesOf(quota).length === 0;
}

/** Pods of a StatefulSet have no activeDeadlineSeconds, so none is Terminating in a quota's sense. */
function inScope({ scopeName, operator, values }: Scope, spec: CountedSpec): boolean {
  const requests = aggregate(spec, 'requests');
  const bestEffort = ['cpu', 'memory'].every((name) => (requests.get(name) ?? 0n) === 0n);
  switch (scopeName) {
    case 'NotTerminating':
      return true;
    case 'BestEffort':
      return bestEffort;
    case 'NotBestEffort':
      return !bestEffort;
    case 'PriorityClass':
      return priorityInScope(operator, values ?? [], spec.priorityClassName ?? '');
    default:
      return false;
  }
}

function priorityInScope(operator: string, values: readonly string[], name: string): boolean {
  const listed = name !== '' && values.includes(name);
  if (operator === 'In') return listed;
  if (operator === 'NotIn') return !listed;
  return operator === 'Exists' ? name !== '' : name === '';
}

export interface Excess {
  readonly resource: string;
  readonly hard: Quantity;
  readonly used: Quantity;
  /** What is asked for on top of `used`. */
  readonly asked: Quantity;
}

/** The resources of which this quota has less left than is asked for. */
export function excessOf({ status }: ResourceQuota, asked: Usage): readonly Excess[] {
  return Object.entries(status.hard ?? {}).flatMap(([resource, text]) => {
    const hard = parseQuantity(text);
    const used = parseQuantity(status.used?.[resource] ?? '0') ?? 0n;
    const more = asked.get(resource) ?? 0n;
    return hard !== undefined && more > 0n && used + more > hard ? [{ resource, hard, used, asked: more }] : [];
  });
}
