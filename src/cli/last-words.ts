import type { OperationRequest } from '../operate/ports.ts';
import { waysOn } from '../operate/report.ts';
import { commandLine } from '../plan/commandline.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * What a second Ctrl-C leaves behind, in one line, and what to type next. It is said without asking anybody: whether the
 * last write has arrived only the cluster knows, so the command that looks is there too.
 *
 * @param done ids of the steps that had ended
 */
export function lastWords(plan: Plan, done: readonly string[], request: Pick<OperationRequest, 'saveTo' | 'options'>): string {
  const { continueWith, goBackWith } = waysOn(plan, done, request);
  const { cluster, target } = plan;
  const look = commandLine(
    { tool: 'sts-safe', command: 'operations', args: [] },
    { namespace: target.namespace, context: cluster.context },
  );
  const ways = [
    ...(continueWith === undefined ? [] : [`go on: ${continueWith}`]),
    ...(goBackWith === undefined ? [] : [`go back: ${goBackWith}`]),
    `what is open: ${look}`,
  ];
  return `left at once; what this ${plan.operation} has begun is on record in the cluster · ${ways.join(' · ')}`;
}
