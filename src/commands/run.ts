import { fileArg } from '../cli/arg.ts';
import { ProgramCommand } from '../cli/command.ts';
import { bool, list, text } from '../cli/flag.ts';
import { changeFlags, connectionFlags, everyFlags, outputFlag } from '../cli/flags.ts';

const { 'dry-run': dryRun, yes, 'take-over': takeOver, reason, progress } = changeFlags;

export class Run extends ProgramCommand {
  static override summary = 'Carry out a runbook: operations, approvals, waits and checks, in order';
  static override description =
    `A runbook is a YAML file with named steps: any operation of this program with its options, an approval, a wait until a StatefulSet is healthy, a gate, a program in a Pod, or a program on this machine. Steps run in order, with the same plans, checks and confirmations as their commands; the first one that fails ends the run.

What is done is written to a journal before and after each step, so that --resume continues an interrupted run: a step that is done is verified and skipped. A run is not resumed on another cluster, with another runbook or other parameters, or where another client has replaced or changed what an earlier step had left.

Operations that need a name typed take it from confirm: in their step, or ask for it on a terminal. Approvals are asked for on a terminal, or given with --approve; --yes does not give them.

Exits as the step that ended it, with 4 where an earlier step had changed something; with --check: 2 for errors in the file, 5 for what is wrong on the cluster.`;
  static override examples = [
    { description: 'Find every error before anything is done', command: 'kubectl sts-safe run upgrade.yaml --set image=mongo:8.1 --check' },
    { description: 'See the plan of every operation', command: 'kubectl sts-safe run upgrade.yaml --set image=mongo:8.1 --dry-run' },
    { description: 'Carry it out, asked at every step that needs it', command: 'kubectl sts-safe run upgrade.yaml --set image=mongo:8.1' },
    {
      description: 'In a script',
      command: 'kubectl sts-safe run upgrade.yaml --set image=mongo:8.1 --yes --approve backup-is-complete -o json',
    },
    { description: 'Continue after an interruption', command: 'kubectl sts-safe run upgrade.yaml --set image=mongo:8.1 --resume' },
  ];
  static override args = { file: fileArg({ required: true }) };
  static override baseFlags = { output: outputFlag(['json', 'yaml']), ...connectionFlags, ...everyFlags };
  static override flags = {
    set: list({ helpValue: 'NAME=VALUE', description: 'Value of a parameter; may be repeated.' }),
    check: bool({
      exclusive: ['dry-run', 'resume', 'output'],
      description: 'Only find errors: in the file, and in what its first operations would meet on the cluster.',
    }),
    resume: bool({ description: 'Continue an interrupted run after the last step that is done.' }),
    journal: text({
      helpValue: 'FILE',
      file: true,
      otherwise: 'one for each runbook, in $XDG_STATE_HOME',
      description: 'Where what is done is written down.',
    }),
    approve: list({ commas: true, helpValue: 'STEP[,STEP]', description: 'Approve these steps beforehand.', helpGroup: 'CONFIRMATION' }),
    'dry-run': { ...dryRun, exclusive: ['resume', 'check'] },
    yes,
    'take-over': takeOver,
    reason,
    progress,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Run);
    const dryRun = flags['dry-run'];
    const { set = [], check = false, resume = false, journal, approve = [], ...told } = flags;
    const mode = check ? 'check' : dryRun === undefined || dryRun === 'none' ? 'run' : dryRun;
    const request = { path: args.file, set, mode, resume, approve, ...(journal === undefined ? {} : { journal }) } as const;
    return this.session.runbook(request, told);
  }
}
