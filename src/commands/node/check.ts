import { nodeArg } from '../../cli/arg.ts';
import { ReadCommand } from '../../cli/command.ts';
import { bool } from '../../cli/flag.ts';
import { outputChoice } from '../../cli/output.ts';

export class NodeCheck extends ReadCommand {
  static override summary = 'Show whether anything still runs on a node';
  static override description =
    `Shows everything that tells a lost node from one that is only cut off: its Ready condition, the Lease that its kubelet renews, taints, and whether the kubelet and the Pods still answer through the API server; with the source and age of each, what they come to, and what would settle it. Then the Pods on it, their volumes, and when they are evicted.

VERDICT is lost-proven, lost-likely, partition-possible, alive or unknown. A silent node is never more than partition-possible by itself: containers keep running and writing behind a dead network or a dead kubelet.

Every read takes two seconds at most. Exits 0 whatever it shows, except with --check: 5 unless the node is alive.`;
  static override examples = [
    { description: 'Is it lost?', command: 'kubectl sts-safe node check node-1' },
    { description: 'In a pipeline: fail unless something runs there', command: 'kubectl sts-safe node check node-1 --check -o json' },
  ];
  static override args = { node: nodeArg({ required: true }) };
  static override flags = {
    check: bool({ description: 'Exit 5 unless the node is alive.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(NodeCheck);
    return this.session.node(args.node, flags.check ?? false, outputChoice(flags), flags);
  }
}
