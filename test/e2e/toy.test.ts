import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { documentOf, expectEnd, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft, recordAndWorldAgree } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { RunningPlugin, userEnvironment } from '../support/plugin.ts';
import { openRecordOf } from '../support/records.ts';
import { killedOn } from '../support/stages.ts';

const PROGRAM = join(import.meta.dirname, '../support/toy-process.ts');

/** The program with the operation `tune up`, which the plugin does not have. */
function tuning(space: Space, operation: string, options: object, kubeconfig = space.kubeconfig): RunningPlugin {
  const args = [PROGRAM, operation, space.namespace, 'web', JSON.stringify(options)];
  return new RunningPlugin('node', args, { env: userEnvironment(space.cluster, { kubeconfig }) }, undefined);
}

const seconds = async (space: Space): Promise<unknown> => ((await space.set()).spec as { minReadySeconds?: number }).minReadySeconds;

describe.concurrent('an operation that the program does not have, entered by a test alone', () => {
  for (const [ends, operation, options, left] of [
    ['resumes to the end', 'tune up', { seconds: 1 }, 1],
    ['goes back by its own way', 'cancel', {}, undefined],
  ] as const) {
    test(`killed after its first write, it ${ends}`, async ({ space }) => {
      await space.applySet({ replicas: 2 });
      await space.mark();
      const before = await census(space);
      const isHeld = async (): Promise<boolean> => (await seconds(space)) === 1;
      await killedOn(isHeld, space, (kubeconfig) => tuning(space, 'tune up', { seconds: 1 }, kubeconfig));
      expect(await openRecordOf(space)).toMatchObject({ kind: 'tune up', cursor: 'hold' });
      await recordAndWorldAgree(space);
      // To the program that does not have it, it is a record that nobody may guess at.
      expect((await space.run('operations')).stdout).toMatch(/^web +damaged-record/m);
      expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 3);
      const { items } = documentOf<{ items: readonly object[] }>((await tuning(space, 'operations', {}).ended).stdout, 'OperationList');
      expect(items).toEqual([expect.objectContaining({ set: 'web', what: 'operation', operation: 'tune up', currentStep: 'hold' })]);
      expect(items[0]).toMatchObject({
        resumeCommand: expect.stringContaining('kubectl sts-safe tune up web --seconds 1'),
        cancelCommand: expect.stringContaining('kubectl sts-safe cancel web'),
      });

      resultOf(await tuning(space, operation, options).ended, 0);
      expect(await seconds(space)).toBe(left);
      await nothingOfOursLeft(space);
      await assertNoClaimLost(space, before);
      await assertOnlyTouched(space, before, []);
    });
  }
});
