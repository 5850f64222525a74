import { setArg } from '../cli/arg.ts';
import { ReadCommand } from '../cli/command.ts';
import { choice, list, text } from '../cli/flag.ts';
import { readingFlags } from '../cli/flags.ts';
import { checkScope } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import type { DoctorRequest } from '../cli/session.ts';
import type { Severity } from '../domain/finding.ts';

/** As findings are called elsewhere, and as doctor calls them. */
const SEVERITIES: Readonly<Record<'error' | 'warning' | 'info', Severity>> = { error: 'blocks', warning: 'warns', info: 'notes' };

export class Doctor extends ReadCommand {
  static override summary = 'Find out what is wrong with StatefulSets, and what fixes it';
  static override description =
    `Checks StatefulSets for failures (an image that cannot be pulled, a rollout that is stuck, a node that is lost), for hazards that the next change meets, and for good practice. Each finding says what was observed and which command fixes it. A cause that several StatefulSets share is reported once. What cannot be read is reported, too.

Exits 5 if there is an error, or with --fail-on a warning or an info; 0 otherwise. kubectl sts-safe explain ID says more about a finding.`;
  static override examples = [
    { description: 'All StatefulSets of the namespace', command: 'kubectl sts-safe doctor' },
    { description: 'One StatefulSet', command: 'kubectl sts-safe doctor web -n prod' },
    { description: 'The whole cluster, in a pipeline', command: 'kubectl sts-safe doctor -A --fail-on warning -o json' },
    { description: 'A manifest, before it is applied', command: 'kubectl sts-safe doctor -f web.yaml --fail-on info' },
    { description: 'Without checks that do not apply here', command: 'kubectl sts-safe doctor -A --skip pdb-allows-none,short-grace' },
  ];
  static override flags = {
    selector: text({ char: 'l', helpValue: 'SELECTOR', description: 'Only StatefulSets with these labels.' }),
    filename: text({
      char: 'f',
      helpValue: 'FILE',
      file: true,
      exclusive: ['all-namespaces', 'selector'],
      description: 'Check the manifests in this file (- is stdin) before they are applied; contacts no API server.',
    }),
    'fail-on': choice(['error', 'warning', 'info'], {
      synonyms: { blocks: 'error', warns: 'warning', notes: 'info' },
      otherwise: 'error',
      description: 'Exit 5 for findings of at least this severity.',
    }),
    only: list({ commas: true, helpValue: 'ID[,ID]', description: 'Only these findings.' }),
    skip: list({ commas: true, helpValue: 'ID[,ID]', description: 'All findings but these.' }),
    ...readingFlags,
  };

  static override args = { names: setArg({ multiple: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Doctor);
    const names = args.names ?? [];
    checkScope(names, flags);
    const request: DoctorRequest = {
      names,
      allNamespaces: flags['all-namespaces'] ?? false,
      failOn: SEVERITIES[flags['fail-on'] ?? 'error'],
      ...(flags.selector ? { selector: flags.selector } : {}),
      ...(flags.filename ? { file: flags.filename } : {}),
      ...(flags.only ? { only: flags.only } : {}),
      ...(flags.skip ? { skip: flags.skip } : {}),
    };
    return this.session.doctor(request, outputChoice(flags), flags);
  }
}
