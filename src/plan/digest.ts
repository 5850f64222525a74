import { createHash, type Hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Plan } from './plan.ts';

/**
 * Digest of a plan, `--confirm plan:<digest>` (product, section 2): covers schema, operation, options, allowed
 * findings, ordered steps, what the plan was made on, and the cluster's identity. Never resourceVersions, counters or
 * times; never sentences (a wording fix must not void a runbook's digest), hence titles, summaries and time-outs are out.
 *
 * @returns the first 16 hex characters of the SHA-256 of the RFC 8785 canonical JSON.
 */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  const covered = {
    schema: plan.schema,
    operation: plan.operation,
    target: plan.target,
    cluster: plan.cluster.identity,
    options: plan.options,
    allowed: [...plan.allowed].sort(),
    basedOn: plan.basedOn,
    from: plan.from ?? null,
    during: plan.during ?? null,
    steps: plan.steps.map(({ id, action, preconditions, verify, unless, fallback, section }) => ({
      id,
      action,
      preconditions,
      verify,
      ...(unless === undefined ? {} : { unless }),
      fallback: fallback ?? null,
      section: section ?? null,
    })),
  };
  return canonicalHash(covered).slice(0, 16);
}

/** For what a plan rests on and is too large to be shown: equal for the same JSON, whatever its order. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** SHA-256 of the canonical JSON, element by element: as one text, a plan of a thousand members takes tens of megabytes to make. */
function canonicalHash(covered: object): string {
  const hash = createHash('sha256');
  const entries = Object.entries(covered).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [index, [key, value]] of entries.entries()) {
    hash.update(`${index === 0 ? '{' : ','}${canonical(key)}:`);
    if (Array.isArray(value)) updateWithArray(hash, value);
    else hash.update(canonical(value));
  }
  return hash.update('}').digest('hex');
}

function updateWithArray(hash: Hash, elements: readonly unknown[]): void {
  hash.update('[');
  for (const [index, element] of elements.entries()) hash.update(`${index === 0 ? '' : ','}${canonical(element)}`);
  hash.update(']');
}

function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a plan that has no JSON form');
  return text;
}
