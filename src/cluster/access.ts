import type { AccessNeed } from '../domain/access.ts';
import { ApiError } from '../domain/errors.ts';
import type { Transport } from './api.ts';
import { pooled } from './pooled.ts';
import { resourceName } from './slices/resource.ts';

/** Reviews under way at once: a plan's in one round trip, and few enough for API priority and fairness. */
const PARALLEL = 32;

export interface AccessAnswer {
  readonly need: AccessNeed;
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** The server's reason, or why it could not be asked. */
  readonly reason: string;
}

interface Review {
  readonly status?: { readonly allowed: boolean; readonly reason?: string; readonly evaluationError?: string };
}

/** Asks the server about each need (SelfSubjectAccessReview), each question once, in the same order. Nothing is changed by asking. */
export function reviewAccess(transport: Transport, needs: readonly AccessNeed[]): Promise<readonly AccessAnswer[]> {
  const asked = new Map<string, Promise<AccessAnswer>>();
  return pooled(needs, PARALLEL, (need) => {
    const key = JSON.stringify(need, Object.keys(need).toSorted());
    const answer = asked.get(key) ?? review(transport, need);
    asked.set(key, answer);
    return answer;
  });
}

/** `cannot tell whether you may patch statefulsets.apps and 2 more: no answer within 30s`, once for each reason. */
export function unansweredInWords(answers: readonly AccessAnswer[]): readonly string[] {
  const unanswered = answers.filter(({ verdict }) => verdict === 'unknown');
  return Array.from(
    Map.groupBy(unanswered, ({ reason }) => reason),
    ([reason, alike]) => {
      const asked = [...new Set(alike.map(({ need }) => `${need.verb} ${resourceName(need)}`))];
      const more = asked.length === 1 ? '' : ` and ${asked.length - 1} more`;
      return `cannot tell whether you may ${asked[0]}${more}: ${reason}`;
    },
  );
}

async function review(transport: Transport, need: AccessNeed): Promise<AccessAnswer> {
  try {
    const { body } = await transport.request<Review>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: need } },
    });
    const { allowed = false, reason = '', evaluationError = '' } = body.status ?? {};
    if (!allowed && evaluationError !== '') return { need, verdict: 'unknown', reason: evaluationError };
    return { need, verdict: allowed ? 'allowed' : 'denied', reason };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { need, verdict: 'unknown', reason: error.message };
  }
}
