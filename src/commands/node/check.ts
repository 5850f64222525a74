import { defineCommand } from '../../cli/command.ts';
import { connectionFlags, outputFlag } from '../../cli/flags.ts';
import { oneNodeName } from '../../cli/names.ts';
import { outputChoice } from '../../cli/output.ts';

export const nodeCheck = defineCommand({
  id: 'node:check',
  summary: 'Show whether anything still runs on a node',
  description: `Shows everything that tells a lost node from one that is only cut off: its Ready condition, the Lease that its kubelet renews, taints, and whether the kubelet and the Pods still answer through the API server; with the source and age of each, what they come to, and what would settle it. Then the Pods on it, their volumes, and when they are evicted.

VERDICT is lost-proven, lost-likely, partition-possible, alive or unknown. A silent node is never more than partition-possible by itself: containers keep running and writing behind a dead network or a dead kubelet.

Every read takes two seconds at most. Exits 0 whatever it shows, except with --check: 5 unless the node is alive.`,
  usage: 'NODE',
  examples: [
    { what: 'Is it lost?', line: 'node check node-1' },
    { what: 'In a pipeline: fail unless something runs there', line: 'node check node-1 --check -o json' },
  ],
  flags: {
    check: { kind: 'bool', help: 'Exit 5 unless the node is alive.', group: 'OPTIONS' },
    output: outputFlag,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    return session.node(oneNodeName(args), flags.check ?? false, outputChoice(flags), flags);
  },
});
