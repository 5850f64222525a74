import { isDeepStrictEqual } from 'node:util';
import type { LiveSnapshot } from '../cluster/api.ts';
import { ChangedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { BasedOn, Plan } from '../plan/plan.ts';
import { type Outlook, readAgain } from './outlook.ts';
import type { OperatePorts, OperationRequest } from './ports.ts';
import { type Prepared, prepare } from './prepare.ts';

/** What is looked at again. */
export interface Looking {
  readonly world: LiveSnapshot;
  readonly outlook: Outlook;
}

/**
 * Plans again after somebody was asked (principle 2): on what the watches know by now, and everything else read once more.
 * @returns the same plan on a fresh look, or the refusal that has come up since
 * @throws ChangedError when it would be another plan, with what has changed: nobody agreed to that one; ApiError when the
 *   server does not answer
 */
export async function lookAgain(
  agreed: Plan,
  before: Prepared,
  request: OperationRequest,
  { world, outlook }: Looking,
  ports: OperatePorts,
): Promise<Prepared> {
  await readAgain(world, ports.stop);
  // Who was silent when it was asked is still the one that was agreed to be taken over, or the record is another.
  const again = await prepare({ ...request, takeOver: request.takeOver || before.resume !== undefined }, outlook, ports);
  if (!isDeepStrictEqual(again.resume?.record, before.resume?.record)) throw changed('another client is at work on it');
  if (again.planned.outcome !== 'plan') return again;
  const { plan } = again.planned;
  if (plan.digest === agreed.digest) return again;
  throw changed(differenceInWords(agreed.basedOn, plan.basedOn) ?? 'the plan would be another one now');
}

/** What has come up since that does not block: it was not in the plan that was agreed to. */
export function newFindings({ findings: known }: Plan, { findings }: Plan): readonly Finding[] {
  const keyOf = ({ id, subject }: Finding): string => `${id} ${subject.kind}/${subject.name}`;
  const told = new Set(known.map(keyOf));
  return findings.filter((finding) => !told.has(keyOf(finding)));
}

function changed(what: string): ChangedError {
  return new ChangedError(`while you were asked, the world has changed: ${what}; nothing was changed by us, look again`);
}

/** The first object that is another, or that reads otherwise, in a sentence. */
export function differenceInWords(before: readonly BasedOn[], after: readonly BasedOn[]): string | undefined {
  const now = new Map(after.map((one) => [one.object, one]));
  for (const was of before) {
    const is = now.get(was.object);
    if (is === undefined) return `${was.object} is gone`;
    if (is.uid !== was.uid) return `${was.object} is another object`;
    const field = Object.keys({ ...was.fields, ...is.fields }).find((name) => !isDeepStrictEqual(was.fields[name], is.fields[name]));
    if (field !== undefined) return `${field} of ${was.object} was ${inWords(was.fields[field])}, is ${inWords(is.fields[field])}`;
  }
  const known = new Set(before.map(({ object }) => object));
  const come = after.find(({ object }) => !known.has(object));
  return come === undefined ? undefined : `${come.object} has come`;
}

const inWords = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
