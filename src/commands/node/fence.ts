import { nodeArg } from '../../cli/arg.ts';
import { attestationFlags, attestedBy } from '../../cli/attestation.ts';
import { ChangeCommand } from '../../cli/command.ts';

export class NodeFence extends ChangeCommand {
  static override summary = 'Take a lost node out of service, so that its Pods move';
  static override description =
    `For a node that is lost: sets the out-of-service taint (node.kubernetes.io/out-of-service), by which the control plane deletes the Pods of the node by force and detaches their volumes, and waits until their replacements are Ready. The plan lists every Pod and volume of the node.

It refuses while anything says that something still runs there: no flag overrides that. And it takes the word of a person, because the API server cannot know it: --attest with --evidence, or, on a terminal, a guide that shows the evidence and asks. What was attested is kept on the node.

If the node becomes Ready before its Pods are deleted, the taint is removed at once. Running the command again resumes it. The way back, once the node has booted, is node unfence.`;
  static override examples = [
    { description: 'Guided: the evidence, what it means, and what you know', command: 'kubectl sts-safe node fence node-1' },
    {
      description: 'In a script',
      command: 'kubectl sts-safe node fence node-1 --attest powered-off --evidence ticket-4711 --confirm node-1',
    },
  ];
  static override args = { node: nodeArg({ required: true }) };
  static override flags = { ...attestationFlags };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(NodeFence);
    const { node } = args;
    const options = attestedBy(flags) ?? (await this.session.attested(node, flags));
    return this.change({ operation: 'node fence', resource: 'nodes', name: node, options: { ...options } }, flags);
  }
}
