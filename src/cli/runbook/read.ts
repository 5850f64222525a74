import { dirname, resolve } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import { suggestion } from '../../domain/near.ts';
import { safe } from '../../render/text.ts';
import { filledSteps } from '../../runbook/check.ts';
import { withFiles } from '../../runbook/files.ts';
import { digestOf } from '../../runbook/journal.ts';
import { type Values, valuesOf } from '../../runbook/parameters.ts';
import { readRunbook } from '../../runbook/read.ts';
import type { Step } from '../../runbook/schema.ts';
import type { Fault, Source } from '../../runbook/source.ts';
import { objectInFile, readable } from '../object-file.ts';
import type { Session } from '../session.ts';
import type { RunbookRequest } from './request.ts';

/** A runbook that is ready to be carried out. */
export interface Loaded {
  /** Absolute: by it its journal is found again. */
  readonly path: string;
  readonly digest: string;
  readonly steps: readonly Step[];
  readonly parameters: Values;
  readonly source: Source;
}

/**
 * The file, with its parameters filled in. Everything that is wrong with it is told at once, with line and column.
 * @throws UsageError when anything is, CannotError when it cannot be read
 */
export async function loadRunbook({ path, set, approve }: RunbookRequest, session: Session): Promise<Loaded> {
  const { io } = session;
  const text = await readable(session.readFile(path), path);
  const read = readRunbook(text);
  if (read.state === 'faulty') throw faulty(path, read.faults, io);
  const { runbook, source } = read;
  const parameters = valuesOf(runbook.parameters, set);
  const { steps: written, faults } = filledSteps(runbook, parameters, source);
  if (faults.length > 0) throw faulty(path, faults, io);
  const { steps, faults: unread, held } = await withFiles(written, source, (file) => objectInFile(resolve(dirname(path), file), session));
  if (unread.length > 0) throw faulty(path, unread, io);
  const names = steps.map(({ name }) => name);
  const unknown = approve.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`--approve ${unknown}: the runbook has no such step`, suggestion(unknown, names));
  return {
    path: resolve(path),
    digest: digestOf([text, ...held.map((value) => JSON.stringify(value))].join('\n')),
    steps,
    parameters,
    source,
  };
}

function faulty(path: string, faults: readonly Fault[], io: Session['io']): UsageError {
  for (const fault of faults) io.stderr.write(`${faultLine(path, fault)}\n`);
  return new UsageError(`${path} has ${faults.length === 1 ? 'an error' : `${faults.length} errors`}; nothing was done`);
}

/** As compilers write it, so that editors find the place. */
export function faultLine(path: string, { line, column, message, hint }: Fault): string {
  return safe(`${path}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}
