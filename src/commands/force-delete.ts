import { podArg } from '../cli/arg.ts';
import { attestationFlags, attestedBy } from '../cli/attestation.ts';
import { ChangeCommand } from '../cli/command.ts';
import { UsageError } from '../domain/errors.ts';

export class ForceDelete extends ChangeCommand {
  static override summary = 'Delete one Pod of a lost node by force, as the last resort';
  static override description =
    `For a Pod of a StatefulSet on a lost node, where node fence cannot be used. Deletes the Pod object without waiting for its kubelet, by UID, with a grace period of 0, and waits until the replacement is Ready. Nothing else happens: volumes stay attached to the node for up to six minutes, and other Pods of the node stay where they are.

It refuses while anything says that something still runs on the node: no flag overrides that. And it takes the word of a person: --attest with --evidence, or, on a terminal, a guide that shows the evidence and asks. What was attested is kept on the node until node unfence.`;
  static override examples = [
    { description: 'Guided: the evidence, what it means, and what you know', command: 'kubectl sts-safe force-delete web-1' },
    {
      description: 'In a script',
      command: 'kubectl sts-safe force-delete web-1 -n prod --attest destroyed --evidence ticket-4711 --confirm web-1',
    },
  ];
  static override args = { pod: podArg({ required: true }) };
  static override flags = { ...attestationFlags };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ForceDelete);
    const { pod } = args;
    const { set, node } = await this.session.placeOf(pod, flags);
    const attested = attestedBy(flags) ?? (node === undefined ? undefined : await this.session.attested(node, flags));
    if (attested === undefined) throw new UsageError(`Pod ${pod} is bound to no node`, 'to resume, repeat --attest and --evidence');
    const options = { pod, ...attested };
    return this.change({ operation: 'force-delete', name: set, options, ...(node === undefined ? {} : { node }) }, flags);
  }
}
