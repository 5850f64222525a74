import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filledSteps } from '../../../src/runbook/check.ts';
import { valuesOf } from '../../../src/runbook/parameters.ts';
import { readRunbook } from '../../../src/runbook/read.ts';
import type { Runbook } from '../../../src/runbook/schema.ts';

const folder = join(import.meta.dirname, '../../../examples/runbooks');
const schema = JSON.parse(readFileSync(join(folder, '../../schemas/runbook.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** Something of each type, for what has no default. */
function given({ parameters }: Runbook): readonly string[] {
  const missing = Object.entries(parameters).filter(([, { default: preset }]) => preset === undefined);
  return missing.map(([name, { oneOf }]) => `${name}=${String(oneOf?.[0] ?? 'x')}`);
}

describe.each(readdirSync(folder))('examples/runbooks/%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('names the schema that editors check it with, and is as that has it', () => {
    const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
    expect(existsSync(join(folder, path))).toBe(true);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has no fault, and says what each of its parameters is', () => {
    const read = readRunbook(text);
    if (read.state === 'faulty') throw new Error(JSON.stringify(read.faults));
    const { runbook, source } = read;
    expect(filledSteps(runbook, valuesOf(runbook.parameters, given(runbook)), source).faults).toEqual([]);
    expect(Object.values(runbook.parameters).filter(({ description = '' }) => description === '')).toEqual([]);
  });
});
