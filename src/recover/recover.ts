import type { Remedy } from '../domain/finding.ts';
import type { DoctorReport, SharedFinding } from '../inspect/doctor.ts';
import { type Answer, type Screen, screenOf } from './screen.ts';

/** What recover needs; cli wires a terminal and a cluster, tests a script. */
export interface RecoverPorts {
  /** What is wrong with the set now. */
  examine(): Promise<DoctorReport>;
  /** Asks what to do about it. */
  ask(screen: Screen): Promise<Answer>;
  /** Says why it matters. */
  explain(finding: SharedFinding): void;
  /** Prints the commands of a screen. */
  print(screen: Screen): void;
  /** Runs a remedy as if it had been typed. @returns its exit code */
  run(remedy: Remedy): Promise<number>;
  /** Waits until the set is Healthy, will never be, or the time is up. */
  settle(): Promise<'healthy' | 'never' | 'timeout'>;
  tell(event: RecoverEvent): void;
}

export type RecoverEvent =
  | { readonly type: 'healthy' }
  /** What was asked about is no longer so. */
  | { readonly type: 'passed'; readonly finding: SharedFinding }
  /** The remedy ended otherwise than with 0. */
  | { readonly type: 'ended'; readonly exitCode: number }
  /** Nothing that a command could do is left. */
  | { readonly type: 'by-hand'; readonly screens: readonly Screen[] }
  /** No error, and not Healthy either. */
  | { readonly type: 'unexplained'; readonly reason: string };

/** The exit codes that it ends with: healed, and problems that are left. */
type Ending = 0 | 5;

/**
 * From what doctor finds to a set that is Healthy: one error after the other, each with a choice, and after each change another
 * look, until nothing is wrong or only a person can act.
 *
 * @returns 0 when it is Healthy, 5 when problems are left
 */
export async function recover(ports: RecoverPorts): Promise<Ending> {
  const skipped = new Set<string>();
  for (;;) {
    const report = await ports.examine();
    const errors = errorsIn(report);
    if (errors.length === 0) return await ended(report, ports);
    const screens = errors.filter((finding) => !skipped.has(keyOf(finding))).map(screenOf);
    const [screen] = screens.filter(({ fixes }) => fixes.length > 0);
    if (screen === undefined) {
      if (screens.length > 0) ports.tell({ type: 'by-hand', screens });
      return 5;
    }
    const answer = await answerTo(screen, ports);
    if (answer === 'quit') return 5;
    if (answer === 'next') skipped.add(keyOf(screen.finding));
    else await act(answer, screen, ports);
  }
}

export function errorsIn({ findings }: DoctorReport): readonly SharedFinding[] {
  return findings.filter(({ severity }) => severity === 'blocks');
}

/** The same thing about the same object. */
function keyOf({ id, subject }: SharedFinding): string {
  return `${id} ${subject.kind}/${subject.name}`;
}

/** Asks again after what only tells something. */
async function answerTo(screen: Screen, ports: RecoverPorts): Promise<Exclude<Answer, 'why' | 'print'>> {
  for (;;) {
    const answer = await ports.ask(screen);
    if (answer === 'why') ports.explain(screen.finding);
    else if (answer === 'print') ports.print(screen);
    else if (typeof answer === 'object' && screen.looks.includes(answer)) await ports.run(answer);
    else return answer;
  }
}

/** A prompt may have been open for long: what has passed meanwhile is not healed once more. */
async function act(remedy: Remedy, { finding }: Screen, ports: RecoverPorts): Promise<void> {
  const now = errorsIn(await ports.examine());
  if (!now.some((other) => keyOf(other) === keyOf(finding))) {
    ports.tell({ type: 'passed', finding });
    return;
  }
  const exitCode = await ports.run(remedy);
  if (exitCode === 0) await ports.settle();
  else ports.tell({ type: 'ended', exitCode });
}

/** Nothing is wrong: what is under way is waited for. */
async function ended(report: DoctorReport, ports: RecoverPorts): Promise<Ending> {
  const [set] = report.sets;
  const state = set?.health === 'Healthy' || set?.health === 'ScaledToZero' ? 'healthy' : await ports.settle();
  if (state === 'healthy') {
    ports.tell({ type: 'healthy' });
    return 0;
  }
  const after = await ports.examine();
  // What has only now become an error is asked about in another round.
  if (errorsIn(after).length > 0) return await recover(ports);
  ports.tell({ type: 'unexplained', reason: after.sets[0]?.reason ?? 'its Pods could not be read' });
  return 5;
}
