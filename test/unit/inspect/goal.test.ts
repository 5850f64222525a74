import { describe, expect, it } from 'vitest';
import { type Goal, type Progress, progressTo } from '../../../src/inspect/status/goal.ts';
import type { SetStatus } from '../../../src/inspect/status/model.ts';
import type { VerdictName } from '../../../src/inspect/verdict/verdict.ts';

interface Facts {
  readonly ready?: number;
  readonly available?: number;
  readonly updated?: number;
  readonly replicas?: number;
  readonly observedGeneration?: number;
  readonly role?: 'member' | 'condemned';
}

function status(verdict: VerdictName, facts: Facts = {}): SetStatus {
  const set = { replicas: 3, ready: 3, available: 3, updated: 3, generation: 2, observedGeneration: 2, ...facts };
  return { verdict, reason: '', set, members: [{ role: facts.role ?? 'member' }] } as unknown as SetStatus;
}

describe('progressTo', () => {
  const rows: readonly (readonly [goal: Goal, what: string, status: SetStatus, progress: Progress])[] = [
    ['healthy', 'healthy', status('healthy'), 'holds'],
    ['healthy', 'parked', status('parked', { replicas: 0 }), 'holds'],
    ['healthy', 'degraded', status('degraded'), 'not-yet'],
    ['healthy', 'progressing', status('progressing'), 'not-yet'],
    ['healthy', 'held', status('held'), 'never'],
    ['healthy', 'interrupted', status('interrupted'), 'never'],
    ['healthy', 'stuck', status('stuck'), 'never'],
    ['healthy', 'deleting', status('deleting'), 'never'],
    ['healthy', 'not seen by the controller yet', status('healthy', { observedGeneration: 1 }), 'not-yet'],
    ['updated', 'all updated and available', status('progressing'), 'holds'],
    ['updated', 'one is old', status('progressing', { updated: 2 }), 'not-yet'],
    ['updated', 'updated, and not available yet', status('progressing', { available: 2 }), 'not-yet'],
    ['updated', 'held by a partition', status('held', { updated: 1 }), 'never'],
    ['scaled', 'as many as wanted', status('progressing', { updated: 0 }), 'holds'],
    ['scaled', 'one is missing', status('progressing', { ready: 2 }), 'not-yet'],
    ['scaled', 'one too many', status('progressing', { role: 'condemned' }), 'not-yet'],
    ['scaled', 'held by a partition', status('held', { ready: 2 }), 'not-yet'],
    ['scaled', 'interrupted, and as many as wanted are ready', status('interrupted'), 'holds'],
    ['scaled', 'stuck', status('stuck', { ready: 2 }), 'never'],
  ];

  it.each(rows)('%s: %s', (goal, _, seen, progress) => {
    expect(progressTo(goal, seen)).toBe(progress);
  });

  it('never holds without a set', () => {
    const absent = { verdict: 'set-absent', reason: '', members: [] } as unknown as SetStatus;
    expect(progressTo('scaled', absent)).toBe('never');
  });
});
