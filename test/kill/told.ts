import { expect } from 'vitest';
import type { OperationResult } from '../../src/plan/result.ts';
import { documentOf } from '../support/documents.ts';
import type { PluginRun } from '../support/plugin.ts';

/** What an operation that was stopped says of itself. */
export interface Told {
  readonly message: string;
  /** Ids in a document, titles in a text. */
  readonly done: readonly string[];
  readonly remaining: readonly string[];
  readonly resumeCommand: string;
  readonly cancelCommand?: string | undefined;
}

export function toldByDocument({ stdout, stderr }: PluginRun): Told {
  const { outcome, message, done, remaining, resumeCommand, cancelCommand } = documentOf<OperationResult>(stdout, 'OperationResult');
  expect(outcome, stderr).toBe('stopped');
  return { message, done, remaining, resumeCommand: resumeCommand ?? expect.fail(`no command goes on: ${stdout}`), cancelCommand };
}

/** The same from the text for people. */
export function toldInWords({ stdout }: PluginRun): Told {
  const lines = stdout.split('\n');
  const section = (title: string): readonly string[] => {
    const first = lines.findIndex((line) => line.startsWith(`  ${title.padEnd(9)}  `));
    if (first < 0) return [];
    const more = lines.slice(first + 1);
    const end = more.findIndex((line) => !line.startsWith(' '.repeat(13)));
    return [lines[first] ?? '', ...more.slice(0, end < 0 ? undefined : end)]
      .map((line) => line.slice(13))
      .filter((line) => line !== 'nothing');
  };
  const [resumeCommand] = section('resume');
  const [cancelCommand] = section('cancel')[0] === undefined ? section('restore') : section('cancel');
  const isListed = (line: string): boolean => line.startsWith('  ');
  return {
    message: lines.slice(0, lines.findIndex(isListed)).join(' '),
    done: section('done'),
    remaining: section('remaining'),
    resumeCommand: resumeCommand ?? expect.fail(`no command goes on: ${stdout}`),
    cancelCommand,
  };
}
