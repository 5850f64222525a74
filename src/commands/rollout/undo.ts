import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { int } from '../../cli/flag.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';

export class RolloutUndo extends ChangeCommand {
  static override summary = 'Roll out an earlier revision, one Pod at a time';
  static override description =
    `A rollout like any other, of the Pod template of an earlier ControllerRevision: the one before, or --to-revision. "rollout history" lists them. To cancel a rollout that is not complete, use "cancel".`;
  static override examples = [
    { description: 'The revision before', command: 'kubectl sts-safe rollout undo db' },
    {
      description: 'A certain one, and a pause after the first Pod',
      command: 'kubectl sts-safe rollout undo db --to-revision 3 --pause-at 1',
    },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    'to-revision': int({
      range: [1, Number.MAX_SAFE_INTEGER],
      helpValue: 'N',
      otherwise: 'the one before',
      description: 'Number of the revision, as rollout history shows it.',
    }),
    ...paceFlags,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutUndo);
    const { 'to-revision': toRevision } = flags;
    const options = { ...(toRevision === undefined ? {} : { toRevision }), ...paceOf(flags) };
    return this.change({ operation: 'rollout undo', name: args.name, options }, flags);
  }
}
