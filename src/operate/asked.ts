import { Errors } from 'typebox/value';
import { UsageError } from '../domain/errors.ts';
import type { OperationName } from '../domain/stored.ts';
import { incidental, type Operation, type Resume } from '../operations/operation.ts';
import { type AnyOperation, operationNamed } from '../operations/registry.ts';
import type { OperationRequest } from './ports.ts';

/** What is asked for: which operation, with which options, and what of them an operation that goes on has from its beginning. */

/** @throws RangeError for one that there is not: whoever asks for it knows which there are */
export function operationOf(id: string): AnyOperation {
  const operation = operationNamed(id);
  if (operation === undefined) throw new RangeError(`there is no operation ${id}`);
  return operation;
}

/**
 * The operation that is asked for. Its options go only to itself.
 * @throws UsageError for options that are not as its schema has them, whoever typed them
 */
export function checkedOperation({ operation: id, options }: OperationRequest): Operation<unknown> {
  const operation = operationOf(id);
  const [error] = Errors(operation.options, options);
  if (error !== undefined) throw new UsageError(`${id}: option ${error.instancePath.slice(1) || '?'} ${error.message}`);
  return operation;
}

/** What an open operation was begun with, and what was changed of it since. */
export function begunOptions({ record, archive }: Resume): Readonly<Record<string, unknown>> {
  const { options } = record.asked ?? {};
  return archive.operation === record.kind ? { ...archive.options, ...options } : (options ?? archive.options);
}

/** One that resumes another operation is that operation, with the options that it was begun with. */
export function meantBy(request: OperationRequest, resume: Resume | undefined): OperationRequest {
  const operation = checkedOperation(request);
  if (operation.resumes === undefined || resume === undefined) return request;
  return { ...request, operation: resume.record.kind, options: operation.resumes(request.options, begunOptions(resume), resume) };
}

/** The command that resumes an operation, with the options that it takes for that. */
export function resumingCommand(
  operation: OperationName,
  options: Readonly<Record<string, unknown>>,
): Pick<OperationRequest, 'operation' | 'options'> {
  const other = operationNamed(operation)?.resumedBy;
  return other === undefined ? { operation, options: typeable(operation, options) } : { operation: other, options: {} };
}

/** What an operation found out when it began, or was asked that its archive does not hold, is so when it goes on. */
export function optionsOf({ operation, options }: OperationRequest, resume: Resume | undefined): Readonly<Record<string, unknown>> {
  if (resume?.record.kind !== operation) return options;
  const { record, archive } = resume;
  const found = incidental(operationOf(operation), ['found']);
  const kept = Object.entries(archive.options).filter(([option, value]) => found.has(option) && value !== undefined);
  const changed = record.asked?.options;
  const asked = archive.operation === operation ? { ...changed, ...options } : { ...options, ...changed };
  return { ...asked, ...Object.fromEntries(kept) };
}

/** What was allowed when an operation began holds when it goes on: nobody types it again. */
export function allowedIn({ allow, operation }: OperationRequest, resume: Resume | undefined): readonly string[] {
  if (resume?.record.kind !== operation) return allow;
  const { record, archive } = resume;
  const before = archive.operation === operation ? archive.allowed : [];
  return [...new Set([...allow, ...before, ...(record.asked?.allowed ?? [])])];
}

/** Without what a plan found out by itself, or was about its beginning alone. */
export function typeable(operation: OperationName, options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = operationNamed(operation);
  const left = known === undefined ? new Set<string>() : incidental(known);
  return Object.fromEntries(Object.entries(options).filter(([option]) => !left.has(option)));
}
