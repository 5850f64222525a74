import { attestationFlags, attestedBy } from '../cli/attestation.ts';
import { commonOptions } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { changeFlags, connectionFlags } from '../cli/flags.ts';
import { onePodName } from '../cli/names.ts';
import { UsageError } from '../domain/errors.ts';

export const forceDelete = defineCommand({
  id: 'force-delete',
  summary: 'Delete one Pod of a lost node by force, as the last resort',
  description: `For a Pod of a StatefulSet on a lost node, where node fence cannot be used. Deletes the Pod object without waiting for its kubelet, by UID, with a grace period of 0, and waits until the replacement is Ready. Nothing else happens: volumes stay attached to the node for up to six minutes, and other Pods of the node stay where they are.

It refuses while anything says that something still runs on the node: no flag overrides that. And it takes the word of a person: --attest with --evidence, or, on a terminal, a guide that shows the evidence and asks. What was attested is kept on the node until node unfence.`,
  usage: 'POD',
  examples: [
    { what: 'Guided: the evidence, what it means, and what you know', line: 'force-delete web-1' },
    { what: 'In a script', line: 'force-delete web-1 -n prod --attest destroyed --evidence ticket-4711 --confirm web-1' },
  ],
  flags: { ...attestationFlags, ...changeFlags, ...connectionFlags },
  async run({ args, flags }, session) {
    const pod = onePodName(args);
    const { set, node } = await session.placeOf(pod, flags);
    const attested = attestedBy(flags) ?? (node === undefined ? undefined : await session.attested(node, flags));
    if (attested === undefined) throw new UsageError(`Pod ${pod} is bound to no node`, 'to resume, repeat --attest and --evidence');
    const options = { pod, ...attested };
    const request = {
      operation: 'force-delete',
      name: set,
      options,
      common: commonOptions(flags),
      ...(node === undefined ? {} : { node }),
    };
    return session.change(request, flags);
  },
});
