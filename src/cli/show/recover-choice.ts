import type { ClusterRef } from '../../domain/snapshot.ts';
import type { DoctorReport, SharedFinding } from '../../inspect/doctor.ts';
import { commandLine } from '../../plan/commandline.ts';
import { errorsIn } from '../../recover/recover.ts';
import { whyOf } from '../../recover/screen.ts';
import type { View } from '../../render/style.ts';
import { hanging, safe } from '../../render/text.ts';
import { askKey, type KeyedChoice, type PromptIo } from '../prompt.ts';

/** What doctor finds in a namespace. */
export interface Examination {
  readonly report: DoctorReport;
  readonly at: ClusterRef;
}

type Answer = { readonly name: string } | 'why' | 'print' | 'quit';

/**
 * Which set is to be healed: asked where several need help.
 *
 * @returns its name, or the exit code where there is none
 */
export async function chooseSet(
  { report, at }: Examination,
  io: PromptIo,
  view: View,
): Promise<{ readonly name: string } | { readonly exitCode: 0 | 5 }> {
  const errors = errorsIn(report);
  const broken = new Set(errors.flatMap(({ sets }) => sets.map(({ name }) => name)));
  const sets = report.sets.filter(({ name }) => broken.has(name));
  const [first] = sets;
  if (first === undefined) {
    io.stderr.write('No StatefulSet of this namespace needs help.\n');
    return { exitCode: 0 };
  }
  if (sets.length === 1) return { name: first.name };
  const choices: readonly KeyedChoice<Answer>[] = [
    ...sets.map(({ name, reason = '' }, index) => ({ key: String(index + 1), name: safe(`${name}: ${reason}`), value: { name } })),
    { key: '?', name: 'what is wrong with each, and why it matters', value: 'why' },
    { key: 'c', name: 'print the commands', value: 'print' },
    { key: 'q', name: 'quit', value: 'quit' },
  ];
  for (;;) {
    const answer = await askKey('which StatefulSet?', choices, io, 'its NAME');
    if (answer === 'quit') return { exitCode: 5 };
    if (typeof answer === 'object') return answer;
    io.stderr.write(answer === 'why' ? whyLines(errors, view) : commandsOf(errors, at));
  }
}

function whyLines(errors: readonly SharedFinding[], { width }: View): string {
  const lines = errors.flatMap((finding) => [
    ...hanging(safe(finding.message), width, ''),
    ...whyOf(finding).flatMap((text) => hanging(text, width, '  ')),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** Each error as a comment, and what helps below it: for scripts, and to be read. */
export function commandsOf(errors: readonly SharedFinding[], at: ClusterRef): string {
  return errors
    .flatMap(({ message, remedies, sets }) => {
      const place = { namespace: sets[0]?.namespace ?? '', flags: at.flags };
      return [`# ${safe(message)}`, ...remedies.map((remedy) => safe(commandLine(remedy, place)))];
    })
    .map((line) => `${line}\n`)
    .join('');
}
