import { podArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';
import { text } from '../cli/flag.ts';

export class Restart extends ChangeCommand {
  static override summary = 'Restart one Pod by evicting it, and wait until its replacement is Ready';
  static override description =
    'Evicts one Pod of a StatefulSet through the eviction API, which honors PodDisruptionBudgets, and waits until the controller has created it again, with the same PVCs, and it is Ready. It refuses while another Pod of the set is not Ready, and where the replacement would be of another revision. To restart all Pods one by one, use rollout restart.';
  static override examples = [
    { description: 'Restart one Pod', command: 'kubectl sts-safe restart web-1' },
    { description: 'In a script', command: 'kubectl sts-safe restart web-1 -n prod --yes' },
  ];
  static override args = { pod: podArg({ required: true }) };
  static override flags = {
    uid: text({
      helpValue: 'UID',
      description: 'Restart the Pod of this UID only; if it is replaced already, wait for the replacement.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Restart);
    const { pod } = args;
    const { set } = await this.session.placeOf(pod, flags);
    return this.change(
      { operation: 'restart', name: set, options: { pod, ...(flags.uid === undefined ? {} : { uid: flags.uid }) } },
      flags,
    );
  }
}
