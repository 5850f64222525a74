import { commonOptions } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { changeFlags, connectionFlags } from '../cli/flags.ts';
import { gateChoice, gateFlags } from '../cli/gate-flags.ts';
import { oneSetName } from '../cli/names.ts';
import { UsageError } from '../domain/errors.ts';

/** int32, the type of spec.replicas. */
const mostReplicas = 2_147_483_647;

export const scale = defineCommand({
  id: 'scale',
  summary: 'Change the number of members of a StatefulSet, safely',
  description: `Going down, members leave one at a time, highest first, and each is gone before the next; the members that stay must be healthy. It refuses when a rollout is under way, when an autoscaler would fight, or when claims would be deleted.

Going up, old claims that will be attached again are shown with their age, then one change sets the number and the new members are watched until they are ready. Leaving early does not stop the controller.`,
  usage: 'NAME --replicas N',
  examples: [
    { what: 'Go to 3 members', line: 'scale web --replicas 3' },
    { what: 'See the plan first; nothing is changed', line: 'scale web --replicas 1 --dry-run' },
    { what: 'In a script, and only if there are 5 members now', line: 'scale statefulset/web --replicas 3 --current-replicas 5 --yes' },
    { what: 'Add members one at a time', line: 'scale web --replicas 9 --one-by-one' },
    {
      what: 'Let each member leave its cluster before it goes, and see that the rest is well after it',
      line: 'scale web --replicas 3 --before exec:/scripts/leave.sh --gate http:8080/healthz',
    },
  ],
  flags: {
    replicas: { kind: 'int', range: [0, mostReplicas], value: 'N', help: 'How many members there shall be.', group: 'OPTIONS' },
    'current-replicas': {
      kind: 'int',
      range: [-1, mostReplicas],
      value: 'N',
      help: 'Refuse unless there are so many now; -1 means any number.',
      group: 'OPTIONS',
    },
    'one-by-one': { kind: 'bool', help: 'Going up: each new member is ready before the next one starts.', group: 'OPTIONS' },
    ...gateFlags,
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  light: true,
  run({ args, flags }, session) {
    const name = oneSetName(args);
    const { replicas, 'current-replicas': current = -1, 'one-by-one': oneByOne = false } = flags;
    if (replicas === undefined) throw new UsageError('how many members shall there be?', 'add --replicas N');
    const options = {
      replicas,
      ...(current < 0 ? {} : { currentReplicas: current }),
      ...(oneByOne ? { oneByOne } : {}),
      ...gateChoice(flags),
    };
    return session.change({ operation: 'scale', name, options, common: commonOptions(flags) }, flags);
  },
});
