import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Finding } from '../../src/domain/finding.ts';
import type { OperationEvent } from '../../src/plan/events.ts';
import type { Plan, Refusal } from '../../src/plan/plan.ts';
import type { OperationResult } from '../../src/plan/result.ts';
import type { PluginRun } from './plugin.ts';

const ajv = new Ajv({ strict: true, allErrors: true });

/** The JSON Schema of a kind: `OperationResult` is schemas/operation-result.json. */
function validatorOf(kind: string) {
  const file = `${kind.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase()}.json`;
  return (
    ajv.getSchema(file) ??
    ajv.addSchema(JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'schemas', file), 'utf8')), file).getSchema(file)
  );
}

/** A printed document, held to its schema. */
export function documentOf<T>(text: string, kind: string, format: 'json' | 'yaml' = 'json'): T {
  const value = (format === 'json' ? JSON.parse(text) : parse(text)) as { kind: string };
  expect(value.kind, text).toBe(kind);
  const validate = validatorOf(kind);
  expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
  return value as T;
}

/** How it ended, with all that it said where that is not so. */
export function expectEnd(run: PluginRun, exitCode: number): void {
  expect(run.exitCode, `${run.line}\n${run.stdout}${run.stderr}`).toBe(exitCode);
}

export function resultOf(run: PluginRun, exitCode: number): OperationResult {
  expectEnd(run, exitCode);
  return documentOf(run.stdout, 'OperationResult');
}

export function planOf(run: PluginRun): Plan {
  expectEnd(run, 0);
  return documentOf(run.stdout, 'Plan');
}

export function refusalOf(run: PluginRun): Refusal {
  expectEnd(run, 3);
  return documentOf(run.stdout, 'Refusal');
}

/** `blocks claim-shared`, `warns short-grace`: what was found, for comparisons. */
export function found(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, id }) => `${severity} ${id}`).sort();
}

export const blocking = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ severity }) => severity === 'blocks').map(({ id }) => id);

/** The lines of `--progress json`, each held to the schema; what else was said on stderr is not one of them. */
export function eventsOf(stderr: string): readonly OperationEvent[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => documentOf<OperationEvent>(line, 'Event'));
}
