import { createHash } from 'node:crypto';
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
    plannedOn: plan.plannedOn,
    from: plan.from ?? null,
    steps: plan.steps.map(({ id, action, preconditions, verify, assist }) => ({
      id,
      action,
      preconditions,
      verify,
      assist: assist ?? null,
    })),
  };
  const text = canonicalize(JSON.parse(JSON.stringify(covered)));
  if (text === undefined) throw new TypeError('a plan that has no JSON form');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
