import type { ApiError } from '../domain/errors.ts';
import { type Absent, absent, type Unknown, unknown } from '../domain/reading.ts';
import type { Discovery } from './discovery.ts';
import { type Resource, resourceName } from './slices/resource.ts';
import { isTimeout } from './transport/breakage.ts';

/** What was asked, for the sentence about its failure. */
export interface Question {
  readonly verb: 'get' | 'list' | 'watch';
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name?: string | undefined;
}

/**
 * A failed read as evidence (product principle 3): absent only where the server said so, unknown otherwise.
 *
 * @param at server's time, milliseconds since the epoch
 */
export async function readingOfError(error: ApiError, question: Question, discovery: Discovery, at: number): Promise<Absent | Unknown> {
  if (error.status === 404 && question.verb === 'get') return absent('not-found', at);
  if (error.status !== 404 && error.status !== 403) return readingOfFailure(error, question, at);
  const served = await discovery.serves(question.resource);
  if (served === 'not-served') return absent('not-served', at);
  if (served === 'other-version')
    return unknown('server-error', `${resourceName(question.resource)} is served in another version than ${question.resource.version}`, at);
  return readingOfFailure(error, question, at);
}

/** The same without asking discovery: never absent. */
export function readingOfFailure(error: ApiError, question: Question, at: number): Unknown {
  const asked = describe(question);
  if (error.status === 403) return unknown('forbidden', `cannot ${asked} (forbidden)`, at);
  if (isTimeout(error)) return unknown('timeout', `cannot ${asked}: ${error.message}`, at);
  return unknown('server-error', `cannot ${asked}: ${error.message}`, at);
}

/** `list persistentvolumeclaims in namespace prod`. */
export function describe({ verb, resource, namespace, name }: Question): string {
  const what = name === undefined ? resourceName(resource) : `${resourceName(resource)} ${name}`;
  const where = !resource.namespaced ? '' : namespace === undefined ? ' in all namespaces' : ` in namespace ${namespace}`;
  return `${verb} ${what}${where}`;
}
