import { operationNamed } from '../../operations/registry.ts';
import type { OperationResult } from '../../plan/result.ts';
import { optionsOf } from '../../runbook/check.ts';
import type { OperationStep } from '../../runbook/schema.ts';
import type { ChangeValues } from '../change.ts';
import { claimTarget } from '../pvc-request.ts';
import { resultOfChange } from '../run-change.ts';
import type { ChangeRequest, Cluster, Session } from '../session.ts';

/**
 * One operation as its command would carry it out: the same plan, questions, progress and result. In a document the result is
 * part of the run's, so that stdout has one.
 * @param cluster the run's connection, which all its steps share
 */
export async function operateStep(
  step: OperationStep,
  { timeoutMs, dryRun }: { readonly timeoutMs?: number | undefined; readonly dryRun?: 'client' | 'server' },
  flags: ChangeValues,
  session: Session,
  cluster: Cluster,
): Promise<OperationResult> {
  const { output, ...told } = flags;
  const io = output === undefined ? session.io : { ...session.io, stdout: session.io.stderr };
  const request = {
    ...(await placeOf(step, flags, session)),
    operation: step.operation,
    options: optionsOf(step),
    common: {
      yes: flags.yes === true,
      takeOver: flags['take-over'] === true,
      allow: step.allow ?? [],
      ...(step.confirm === undefined ? {} : { confirm: step.confirm }),
      ...reasonOf(step.reason ?? flags.reason),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(dryRun === undefined ? {} : { dryRun }),
    },
  };
  return await resultOfChange(request, told, { ...session, io }, cluster);
}

const reasonOf = (reason: string | undefined) => (reason === undefined ? {} : { reason });

type Place = Pick<ChangeRequest, 'name' | 'resource' | 'node'>;

/** What its command would find out about what it is about. */
async function placeOf(step: OperationStep, flags: ChangeValues, session: Session): Promise<Place> {
  const { target = '', options = {} } = step;
  const subject = operationNamed(step.operation)?.subject;
  if (subject === 'persistentvolumeclaims') return claimTarget(optionsOf(step)['names'] as readonly string[]);
  if (subject !== 'statefulsets' && subject !== undefined) return { name: target, resource: subject };
  // About one Pod of the set, and the node that it is on.
  if (typeof options['pod'] !== 'string') return { name: target };
  const { node } = await session.placeOf(options['pod'], flags);
  return { name: target, ...(node === undefined ? {} : { node }) };
}
