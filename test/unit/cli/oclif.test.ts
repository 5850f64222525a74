/** The one unit test that loads oclif (law 9): what it makes of our arguments must be what the normaliser made of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Normalised, normalise } from '../../../src/cli/argv.ts';
import { runThroughOclif } from '../../../src/cli/oclif.ts';
import { registry } from '../../../src/registry.ts';

async function throughOclif(id: string, input: Normalised): Promise<Normalised | undefined> {
  let seen: Normalised | undefined;
  await runThroughOclif(registry, id, input, (_, parsed) => {
    seen = parsed;
    return Promise.resolve(0);
  });
  return seen;
}

const spec = registry.find(({ id }) => id === 'delete')!;

describe('runThroughOclif', () => {
  it.each([
    'web',
    'web --delete-claims=false --yes=false',
    'web --delete-claims --yes -n prod',
    'web --reason=--yes --namespace=-n',
    'web --reason= --confirm==x',
    'web --allow a,b --allow c --as-group x,y --as-group z',
    'web --dry-run -v6',
    'web db web -- --yes -n x -- y',
  ])('hands on "%s" as it is', async (line) => {
    const input = normalise(line.split(' '), spec.flags);
    expect(await throughOclif('delete', input)).toEqual(input);
  });

  it('hands on any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(fc.string()), async (reason, allow) => {
        const input = { args: ['web'], flags: { reason, ...(allow.length > 0 ? { allow } : {}) } };
        expect(await throughOclif('delete', input)).toEqual(input);
      }),
      { numRuns: 50 },
    );
  });

  it("returns the command's exit code and leaves the process's alone", async () => {
    await expect(runThroughOclif(registry, 'delete', { args: [], flags: {} }, () => Promise.resolve(4))).resolves.toBe(4);
    await expect(runThroughOclif(registry, 'delete', { args: [], flags: {} }, () => Promise.reject(new Error('mine')))).rejects.toThrow(
      /^mine$/,
    );
    expect(process.exitCode).toBeUndefined();
  });
});
