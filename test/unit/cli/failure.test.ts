import { describe, expect, it } from 'vitest';
import { endingOf } from '../../../src/cli/ending.ts';
import { failureOf, isTold } from '../../../src/cli/failure.ts';
import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../../../src/domain/errors.ts';
import { main } from '../../../src/main.ts';
import { placeOf } from '../../../src/plan/commandline.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import { renderDocument } from '../../../src/render/json.ts';
import { documentOf } from '../../support/documents.ts';
import { cluster, samplePlan, target } from '../../support/render-samples.ts';
import { FakeIo } from './fakes.ts';

const about = { operation: 'delete', target, cluster, planned: undefined } as const;
const forbidden = new ApiError({ message: 'cannot get pods', status: 403, reason: '', sent: 'rejected', request: 'GET /api' });

describe('an error before the first write, as a document', () => {
  it.each([
    ['cannot', new CannotError('not there', 'did you mean web?'), 'failed', 1],
    ['refused', new RefusedError('no', 'add --yes'), 'refused', 3],
    ['changed', new ChangedError('replicas is 4, planned on 3'), 'refused', 3],
    ['forbidden', forbidden, 'refused', 3],
    ['time-out', new StoppedError('timeout', 'time is up'), 'stopped', 4],
    ['a bug', new TypeError('x is undefined'), 'failed', 1],
  ] as const)('%s', async (_, error, outcome, exitCode) => {
    const failure = failureOf(error, about);
    const text = await renderDocument('OperationResult', failure, 'json');
    const { message, hint, ...result } = documentOf<OperationResult>(text, 'OperationResult');
    expect(result).toMatchObject({ operation: 'delete', target, cluster, outcome, exitCode, done: [], remaining: [], findings: [] });
    expect(endingOf(error, 0, placeOf(about))).toEqual({
      code: exitCode,
      text: `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`,
    });
  });

  it('after a plan was shown names that plan, and that all of it remains', async () => {
    const plan = samplePlan(3);
    const failure = failureOf(new RefusedError('no'), { ...about, planned: { outcome: 'plan', plan } });
    documentOf(await renderDocument('OperationResult', failure, 'json'), 'OperationResult');
    expect(failure).toMatchObject({ digest: plan.digest, findings: plan.findings, done: [] });
    expect(failure.remaining).toEqual(plan.steps.map(({ id }) => id));
  });

  it('is not told of a wrong command line, nor to whoever stopped the program', () => {
    expect(isTold(new UsageError('what?'))).toBe(false);
    expect(isTold(new StoppedError('interrupt', 'interrupted'))).toBe(false);
    expect(isTold(new StoppedError('terminate', 'terminated'))).toBe(false);
  });
});

describe('a changing command without a kubeconfig', () => {
  const scaling = ['scale', 'web', '--replicas=2', '--yes', '--kubeconfig=/nowhere/config', '--context=prod-eu', '-n=prod'];

  async function ended(...more: readonly string[]) {
    const io = new FakeIo();
    const code = await main([...scaling, ...more], io);
    return { code, out: io.out(), err: io.err() };
  }

  it.each(['json', 'yaml'] as const)('-o %s tells in a document what stderr says', async (format) => {
    const { code, out, err } = await ended('-o', format);
    const { message, ...result } = documentOf<OperationResult>(out, 'OperationResult', format);
    expect(code).toBe(1);
    expect(err).toContain(`error: ${message}\n`);
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      target: { namespace: 'prod', name: 'web' },
      cluster: { context: 'prod-eu', server: '', identity: '', flags: [] },
    });
  });

  it.each([[], ['-o', 'name']])('%j says nothing on stdout', async (...more) => {
    expect(await ended(...more)).toMatchObject({ code: 1, out: '' });
  });
});
