import { setArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';
import { bool, int } from '../cli/flag.ts';
import { gateChoice, gateFlags } from '../cli/gate-flags.ts';

/** int32, the type of spec.replicas. */
const mostReplicas = 2_147_483_647;

export class Scale extends ChangeCommand {
  static override summary = 'Change the number of members of a StatefulSet, safely';
  static override description =
    `Scaling down deletes Pods one at a time, highest first, each after the one before has terminated; the Pods that remain must be healthy. It refuses when a rollout is in progress, when an autoscaler would override it, or when PVCs would be deleted.

Scaling up shows existing PVCs that will be reused, with their age, then sets the replica count once and waits until the new Pods are Ready. Exiting early does not stop the controller.`;
  static override examples = [
    { description: 'Go to 3 members', command: 'kubectl sts-safe scale web --replicas 3' },
    { description: 'See the plan first; nothing is changed', command: 'kubectl sts-safe scale web --replicas 1 --dry-run' },
    {
      description: 'In a script, and only if there are 5 members now',
      command: 'kubectl sts-safe scale statefulset/web --replicas 3 --current-replicas 5 --yes',
    },
    { description: 'Add members one at a time', command: 'kubectl sts-safe scale web --replicas 9 --one-by-one' },
    {
      description: 'Let each member leave its cluster before its Pod is deleted, and check that the others are healthy after it',
      command: 'kubectl sts-safe scale web --replicas 3 --before exec:/scripts/leave.sh --gate http:8080/healthz',
    },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    replicas: int({ required: true, range: [0, mostReplicas], helpValue: 'N', description: 'Desired number of replicas.' }),
    'current-replicas': int({
      range: [-1, mostReplicas],
      helpValue: 'N',
      description: 'Refuse unless this is the current replica count; -1 means any number.',
    }),
    'one-by-one': bool({ description: 'Going up: each new member is ready before the next one starts.' }),
    ...gateFlags,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Scale);
    const { replicas, 'current-replicas': current = -1, 'one-by-one': oneByOne = false } = flags;
    const options = {
      replicas,
      ...(current < 0 ? {} : { currentReplicas: current }),
      ...(oneByOne ? { oneByOne } : {}),
      ...gateChoice(flags),
    };
    return this.change({ operation: 'scale', name: args.name, options }, flags);
  }
}
