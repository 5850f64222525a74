import { describe, expect, it } from 'vitest';
import { lastWords } from '../../../src/cli/last-words.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { samplePlan } from '../../support/render-samples.ts';

const asked = { options: {} };

describe('the last words of a second Ctrl-C', () => {
  it('are one line: that there is a record, both ways on, and the command that looks', () => {
    const plan = samplePlan(3, { operation: 'scale', options: { replicas: 1, currentReplicas: 3 } });
    expect(lastWords(plan, ['archive'], asked)).toBe(
      'exited immediately; the scale is incomplete and can be resumed' +
        ' · resume: kubectl sts-safe scale web --replicas 1 -n prod --context prod-eu' +
        ' · cancel: kubectl sts-safe cancel web -n prod --context prod-eu' +
        ' · list open operations: kubectl sts-safe operations -n prod --context prod-eu',
    );
  });

  it('before the archive is kept, there is nothing to go back from', () => {
    const words = lastWords(samplePlan(3, { operation: 'scale', options: { replicas: 1 } }), [], asked);
    expect(words).toContain('exited immediately; the StatefulSet was not changed · resume: ');
    expect(words).not.toContain('cancel: ');
  });

  it('name no way back where there is none', () => {
    const steps = ['archive', 'take', 'create-set', 'observe', 'put-back'].map((id) => ({
      id,
      ...(id === 'put-back' ? { ifStopped: 'final' } : {}),
    }));
    const plan = { ...samplePlan(3, { operation: 'restore' }), steps } as unknown as Plan;
    expect(lastWords(plan, ['archive', 'take', 'create-set'], asked)).toContain('cancel: ');
    expect(lastWords(plan, ['archive', 'take', 'create-set', 'observe', 'put-back'], asked)).not.toContain('cancel: ');
    expect(lastWords(samplePlan(3, { operation: 'cancel' }), [], asked)).not.toContain('cancel: ');
  });
});
