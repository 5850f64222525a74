import { describe, expect, it } from 'vitest';
import type { OutputChoice } from '../../../src/cli/output.ts';
import { showExplanation } from '../../../src/cli/show/explain.ts';
import { RAISED_BY_OPERATE } from '../../../src/findings/catalogue.ts';
import { REPORTED_BESIDES } from '../../../src/findings/diagnosis/index.ts';
import { consentTable } from '../../../src/operations/registry.ts';
import type { Explanation } from '../../../src/render/explain.ts';
import { FakeIo, noting } from './fakes.ts';

async function told(id: string | undefined, format?: 'json'): Promise<string> {
  const io = new FakeIo();
  const output: OutputChoice = { headers: true, ...(format === undefined ? {} : { format }) };
  expect(await showExplanation(id, output, {}, noting(io).session)).toBe(0);
  return io.out();
}

const page = async (id: string): Promise<Explanation> => JSON.parse(await told(id, 'json')) as Explanation;

describe('explain', () => {
  it.each(RAISED_BY_OPERATE)('says of %s, which the driver raises, that every operation refuses with it', async (id) => {
    const blocking = (await page(id)).operations.filter(
      ({ operation, severity, override }) => operation !== 'doctor' && severity === 'blocks' && override === 'never',
    );
    expect(blocking.map(({ operation }) => operation)).toEqual(consentTable().map(({ operation }) => operation));
  });

  it('says what doctor reports besides its diagnoses', async () => {
    for (const [id, severity] of Object.entries(REPORTED_BESIDES))
      expect((await page(id)).operations[0]).toEqual({ operation: 'doctor', severity, override: 'never' });
  });

  it('has the rules of cancel', async () => {
    expect((await page('claims-deleted-on-scale-down')).operations).toContainEqual({
      operation: 'cancel',
      severity: 'blocks',
      override: 'allow',
    });
    expect((await page('live-members')).operations).toContainEqual({
      operation: 'cancel (set gone)',
      severity: 'blocks',
      override: 'never',
    });
  });

  it('says which evidence blocks and which warns', async () => {
    const text = await told('evidence-unknown');
    expect(text).toMatch(/restore +blocks +cannot be overridden; about the set, Pods, PVCs, operation records and saved manifests\n/);
    expect(text).toMatch(/cancel +warns +about Services, other sets/);
  });

  it('says that the archive can be kept in a file by delete alone', async () => {
    const text = await told('archive-not-writable');
    expect(text).toContain('Ask for get, create and patch on Secrets');
    expect(text.match(/--save-to FILE keeps it in a file instead/g)).toHaveLength(1);
    expect(text).toMatch(/delete +blocks +cannot be overridden; --save-to FILE/);
  });

  it('lists every finding with the operations that look at it', async () => {
    const { items } = JSON.parse(await told(undefined, 'json')) as { readonly items: readonly Explanation[] };
    expect(items.filter(({ operations }) => operations.length === 0)).toEqual([]);
  });
});
