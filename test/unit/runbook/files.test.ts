import { describe, expect, it } from 'vitest';
import { filledSteps } from '../../../src/runbook/check.ts';
import { withFiles } from '../../../src/runbook/files.ts';
import { readRunbook } from '../../../src/runbook/read.ts';

const files: Readonly<Record<string, object>> = { 'canary.yaml': { spec: { template: { metadata: { labels: { a: 'b' } } } } } };
const read = async (file: string) => {
  const value = files[file];
  if (value === undefined) throw new Error(`${file} cannot be read: ENOENT`);
  return value as Readonly<Record<string, unknown>>;
};

async function stepsOf(options: string) {
  const text = ['apiVersion: sts-safe.dev/v1', 'kind: Runbook', 'steps:', '- name: up', '  operation: rollout start', '  target: db'];
  const found = readRunbook([...text, `  options: ${options}`, '- {name: look, wait: healthy, target: db}'].join('\n'));
  if (found.state === 'faulty') throw new Error(found.faults.map(({ message }) => message).join('\n'));
  const { steps, faults } = filledSteps(found.runbook, {}, found.source);
  expect(faults.map(({ message }) => message)).toEqual([]);
  return await withFiles(steps, found.source, read);
}

describe('a file that an option of a runbook names', () => {
  it('is read in its place', async () => {
    const { steps, faults, held } = await stepsOf('{patchFile: canary.yaml, steps: ["1"]}');
    expect(faults).toEqual([]);
    expect(steps[0]).toMatchObject({ options: { patch: files['canary.yaml'], steps: ['1'] } });
    expect(steps[0]).not.toHaveProperty('options.patchFile');
    expect(steps[1]).toEqual({ name: 'look', wait: 'healthy', target: 'db' });
    expect(held).toEqual([files['canary.yaml']]);
  });

  it.each([
    ['that is not there', '{filename: none.yaml}', '7:23 step up: none.yaml cannot be read: ENOENT'],
    ['beside what it would hold', '{patchFile: canary.yaml, patch: {}}', '7:24 step up: patch and patchFile exclude each other'],
  ])('%s is told with its place', async (_, options, message) => {
    const { faults } = await stepsOf(options);
    expect(faults.map((fault) => `${fault.line}:${fault.column} ${fault.message}`)).toEqual([message]);
  });
});
