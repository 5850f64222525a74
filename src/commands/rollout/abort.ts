import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';

/** int64, the type of a ControllerRevision's revision; what a number can hold exactly. */
const highestRevision = Number.MAX_SAFE_INTEGER;

export const rolloutAbort = defineCommand({
  id: 'rollout:abort',
  summary: 'Go back to the revision before a rollout, also when it is stuck',
  description: `Restores the Pod template of the revision before the rollout, whoever started that, and replaces the Pods that are not of it: first those that are not available, lowest ordinal first, which is the order in which the controller can create them; then, only when all are available, the healthy ones, highest first. While it works the update strategy is OnDelete, so nobody else replaces Pods; at the end it is what it was.

Without --to-revision it goes back to what "rollout start" has saved or, for a rollout started in another way, to the revision of the Pods that are not updated yet.`,
  usage: 'NAME',
  examples: [
    { what: 'Go back, whoever started the rollout', line: 'rollout abort web' },
    { what: 'See which Pods would be replaced, and in which order', line: 'rollout abort web --dry-run' },
    { what: 'When every Pod is of the bad revision already', line: 'rollout abort web --to-revision 3' },
  ],
  flags: {
    'to-revision': {
      kind: 'int',
      range: [1, highestRevision],
      value: 'N',
      otherwise: 'the revision before the rollout',
      help: 'Number of the revision to go back to.',
      group: 'OPTIONS',
    },
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    const { 'to-revision': toRevision } = flags;
    const options = toRevision === undefined ? {} : { toRevision };
    return session.change({ operation: 'rollout abort', name: oneSetName(args), options, common: commonOptions(flags) }, flags);
  },
});
