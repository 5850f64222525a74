import { describe, expect, it } from 'vitest';
import { type Goal, type Progress, progressTo } from '../../../src/inspect/status/goal.ts';
import type { SetStatus } from '../../../src/inspect/status/model.ts';
import type { Health } from '../../../src/inspect/verdict/verdict.ts';

interface Facts {
  readonly ready?: number;
  readonly available?: number;
  readonly updated?: number;
  readonly replicas?: number;
  readonly observedGeneration?: number;
  readonly role?: 'member' | 'condemned';
}

function status(health: Health, facts: Facts = {}): SetStatus {
  const set = { replicas: 3, ready: 3, available: 3, updated: 3, generation: 2, observedGeneration: 2, ...facts };
  return { health, reason: '', set, members: [{ role: facts.role ?? 'member' }] } as unknown as SetStatus;
}

describe('progressTo', () => {
  const rows: readonly (readonly [goal: Goal, what: string, status: SetStatus, progress: Progress])[] = [
    ['healthy', 'healthy', status('Healthy'), 'holds'],
    ['healthy', 'parked', status('ScaledToZero', { replicas: 0 }), 'holds'],
    ['healthy', 'degraded', status('Degraded'), 'not-yet'],
    ['healthy', 'progressing', status('Progressing'), 'not-yet'],
    ['healthy', 'held', status('Paused'), 'never'],
    ['healthy', 'interrupted', status('Interrupted'), 'never'],
    ['healthy', 'stuck', status('Stalled'), 'never'],
    ['healthy', 'deleting', status('Terminating'), 'never'],
    ['healthy', 'not seen by the controller yet', status('Healthy', { observedGeneration: 1 }), 'not-yet'],
    ['updated', 'all updated and available', status('Progressing'), 'holds'],
    ['updated', 'one is old', status('Progressing', { updated: 2 }), 'not-yet'],
    ['updated', 'updated, and not available yet', status('Progressing', { available: 2 }), 'not-yet'],
    ['updated', 'held by a partition', status('Paused', { updated: 1 }), 'never'],
    ['scaled', 'as many as wanted', status('Progressing', { updated: 0 }), 'holds'],
    ['scaled', 'one is missing', status('Progressing', { ready: 2 }), 'not-yet'],
    ['scaled', 'one too many', status('Progressing', { role: 'condemned' }), 'not-yet'],
    ['scaled', 'held by a partition', status('Paused', { ready: 2 }), 'not-yet'],
    ['scaled', 'interrupted, and as many as wanted are ready', status('Interrupted'), 'holds'],
    ['scaled', 'stuck', status('Stalled', { ready: 2 }), 'never'],
  ];

  it.each(rows)('%s: %s', (goal, _, seen, progress) => {
    expect(progressTo(goal, seen)).toBe(progress);
  });

  it('never holds without a set', () => {
    const absent = { health: 'Missing', reason: '', members: [] } as unknown as SetStatus;
    expect(progressTo('scaled', absent)).toBe('never');
  });
});
