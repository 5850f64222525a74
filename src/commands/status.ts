import { setArg } from '../cli/arg.ts';
import { ReadCommand } from '../cli/command.ts';
import { bool, choice, duration, text } from '../cli/flag.ts';
import { readingFlags } from '../cli/flags.ts';
import { checkScope } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import type { StatusRequest } from '../cli/session.ts';

export class Status extends ReadCommand {
  static override summary = 'Show the health of StatefulSets';
  static override description =
    `One line per StatefulSet; with one NAME a tree of its Pods, PVCs and endpoints, and the findings. Health: Healthy, Progressing, Degraded, Stalled (the controller will not act again without help), Paused (by a partition, or a paused rollout of this program), UpdatePending (OnDelete: Pods wait to be deleted), Interrupted (an operation of this program stopped part-way: see operations), ScaledToZero, Terminating, Missing (a saved manifest or Pods, but no StatefulSet).

Exits 0 regardless of health, except with --wait: 0 when the condition is met, 5 when it never will be, 4 on a timeout, 1 when there is no StatefulSet to wait for.`;
  static override examples = [
    { description: 'All StatefulSets of the namespace', command: 'kubectl sts-safe status' },
    { description: 'One StatefulSet with its Pods, PVCs and findings', command: 'kubectl sts-safe status web -n prod' },
    { description: 'Follow it', command: 'kubectl sts-safe status web -w' },
    {
      description: 'In a pipeline: wait until every member runs the new revision',
      command: 'kubectl sts-safe status web --wait --for updated --timeout 10m',
    },
  ];
  static override flags = {
    selector: text({ char: 'l', helpValue: 'SELECTOR', description: 'Only sets with these labels.' }),
    watch: bool({ char: 'w', exclusive: ['wait'], description: 'Watch for changes.' }),
    wait: bool({ description: 'Wait until it holds, then end.' }),
    for: choice(['healthy', 'updated', 'scaled'], { dependsOn: ['wait'], otherwise: 'healthy', description: 'What to wait for.' }),
    timeout: duration({
      dependsOn: ['wait'],
      helpValue: 'TIME',
      otherwise: 'no limit',
      description: 'Longest wait, such as 10m.',
    }),
    ...readingFlags,
  };

  static override args = { names: setArg({ multiple: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Status);
    const names = args.names ?? [];
    checkScope(names, flags);
    const request: StatusRequest = {
      names,
      allNamespaces: flags['all-namespaces'] ?? false,
      watch: flags.watch ?? false,
      ...(flags.selector ? { selector: flags.selector } : {}),
      ...(flags.wait ? { waitFor: flags.for ?? 'healthy' } : {}),
      ...(flags.timeout ? { timeoutMs: flags.timeout } : {}),
    };
    return this.session.status(request, outputChoice(flags), flags);
  }
}
