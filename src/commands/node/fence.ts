import { attestationFlags, attestedBy } from '../../cli/attestation.ts';
import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneNodeName } from '../../cli/names.ts';

export const nodeFence = defineCommand({
  id: 'node:fence',
  summary: 'Take a lost node out of service, so that its Pods move',
  description: `For a node that is lost: sets the out-of-service taint (node.kubernetes.io/out-of-service), by which the control plane deletes the Pods of the node by force and detaches their volumes, and waits until their replacements are Ready. The plan lists every Pod and volume of the node.

It refuses while anything says that something still runs there: no flag overrides that. And it takes the word of a person, because the API server cannot know it: --attest with --evidence, or, on a terminal, a guide that shows the evidence and asks. What was attested is kept on the node.

If the node becomes Ready before its Pods are deleted, the taint is removed at once. Running the command again resumes it. The way back, once the node has booted, is node unfence.`,
  usage: 'NODE',
  examples: [
    { what: 'Guided: the evidence, what it means, and what you know', line: 'node fence node-1' },
    {
      what: 'In a script',
      line: 'node fence node-1 --attest powered-off --evidence ticket-4711 --confirm node-1',
    },
  ],
  flags: { ...attestationFlags, ...changeFlags, ...connectionFlags },
  async run({ args, flags }, session) {
    const name = oneNodeName(args);
    const options = attestedBy(flags) ?? (await session.attested(name, flags));
    return session.change(
      { operation: 'node fence', resource: 'nodes', name, options: { ...options }, common: commonOptions(flags) },
      flags,
    );
  },
});
