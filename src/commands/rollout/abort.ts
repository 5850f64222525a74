import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { int } from '../../cli/flag.ts';

/** int64, the type of a ControllerRevision's revision; what a number can hold exactly. */
const highestRevision = Number.MAX_SAFE_INTEGER;

export class RolloutAbort extends ChangeCommand {
  static override summary = 'Restore the revision before a rollout, even one that is stuck';
  static override description =
    `Restores the Pod template of the revision before the rollout, no matter who started it, and replaces the Pods that are not of it: first those that are not available, lowest ordinal first, which is the order in which the controller can create them; then, only when all are available, the healthy ones, highest first. While it works the update strategy is OnDelete, so nothing else replaces Pods; at the end it is what it was.

Without --to-revision it restores what "rollout start" has saved or, for a rollout started in another way, to the revision of the Pods that are not updated yet.`;
  static override examples = [
    { description: 'Restore the previous revision, no matter who started the rollout', command: 'kubectl sts-safe rollout abort web' },
    { description: 'See which Pods would be replaced, and in which order', command: 'kubectl sts-safe rollout abort web --dry-run' },
    { description: 'When every Pod is of the bad revision already', command: 'kubectl sts-safe rollout abort web --to-revision 3' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    'to-revision': int({
      range: [1, highestRevision],
      helpValue: 'N',
      otherwise: 'the revision before the rollout',
      description: 'Number of the revision to restore.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutAbort);
    const { 'to-revision': toRevision } = flags;
    const options = toRevision === undefined ? {} : { toRevision };
    return this.change({ operation: 'rollout abort', name: args.name, options }, flags);
  }
}
