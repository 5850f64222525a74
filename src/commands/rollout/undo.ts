import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';

export const rolloutUndo = defineCommand({
  id: 'rollout:undo',
  summary: 'Roll out an earlier revision, one Pod at a time',
  description: `A rollout like any other, of the Pod template of an earlier ControllerRevision: the one before, or --to-revision. "rollout history" lists them. To go back from a rollout that is not complete, use "cancel".`,
  usage: 'NAME [--to-revision N]',
  examples: [
    { what: 'The revision before', line: 'rollout undo db' },
    { what: 'A certain one, and a pause after the first Pod', line: 'rollout undo db --to-revision 3 --pause-at 1' },
  ],
  flags: {
    'to-revision': {
      kind: 'int',
      range: [1, Number.MAX_SAFE_INTEGER],
      value: 'N',
      otherwise: 'the one before',
      help: 'Number of the revision, as rollout history shows it.',
      group: 'OPTIONS',
    },
    ...paceFlags,
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    const { 'to-revision': toRevision } = flags;
    const options = { ...(toRevision === undefined ? {} : { toRevision }), ...paceOf(flags) };
    return session.change({ operation: 'rollout undo', name: oneSetName(args), options, common: commonOptions(flags) }, flags);
  },
});
