import { nodeArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';

export class NodeUnfence extends ChangeCommand {
  static override summary = 'Put a fenced node back into service';
  static override description =
    `Removes the out-of-service taint that node fence has set, and what was attested. It refuses while the node is not Ready, and if it is still of the boot of which someone attested that it was off: then its containers may have run all the time.

A taint that another client has set is left alone.`;
  static override examples = [
    { description: 'The machine has been repaired and has booted', command: 'kubectl sts-safe node unfence node-1' },
  ];

  static override args = { node: nodeArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(NodeUnfence);
    return this.change({ operation: 'node unfence', resource: 'nodes', name: args.node, options: {} }, flags);
  }
}
