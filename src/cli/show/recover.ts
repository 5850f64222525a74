import { spawn } from 'node:child_process';
import { RefusedError, StoppedError } from '../../domain/errors.ts';
import type { Remedy } from '../../domain/finding.ts';
import type { ClusterRef, Target } from '../../domain/snapshot.ts';
import type { DoctorReport, Examined } from '../../inspect/doctor.ts';
import { waitForGoal } from '../../inspect/status/wait.ts';
import { isLook } from '../../operate/next-commands.ts';
import { commandLine, commandWords, type Place } from '../../plan/commandline.ts';
import { errorsIn, type RecoverEvent, type RecoverPorts, recover } from '../../recover/recover.ts';
import { type Answer, type Screen, whyOf } from '../../recover/screen.ts';
import { renderRecoverHead } from '../../render/recover.ts';
import { hanging, safe } from '../../render/text.ts';
import type { ChangeValues } from '../change.ts';
import { commonOptions } from '../change.ts';
import { openRecordOn } from '../look-ports.ts';
import { askKey, hasTerminal, type KeyedChoice, type PromptIo } from '../prompt.ts';
import type { Cluster, ConnectionValues, RecoverRequest, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { examined } from './doctor.ts';
import { chooseSet, commandsOf, type Examination } from './recover-choice.ts';

/** How long a set may take to come up after a change before it is looked at again. */
const SETTLE_MS = 2 * 60 * 1000;

/** A controller whose writes were refused for a while tries again at longer and longer intervals, healed or not. */
const PATIENCE_MS = 30 * 1000;

/** `recover`: heals one set with a person at the terminal, or prints the commands that would help. */
export async function recoverSet(request: RecoverRequest, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const io: PromptIo = { stdin: session.io.stdin, stderr: session.io.stderr, signal: session.interrupt.signal };
  try {
    const isAsked = !request.print && hasTerminal(io);
    if (!isAsked) return printCommands(await look(request.name, cluster), session);
    const view = viewOf(session.io.stderr, session.io.env, flags);
    const chosen = request.name === undefined ? await chooseSet(await look(undefined, cluster), io, view) : { name: request.name };
    return 'exitCode' in chosen ? chosen.exitCode : await recover(new Terminal(chosen.name, cluster, io, flags, session));
  } finally {
    cluster.connection.transport.close();
  }
}

function look(name: string | undefined, cluster: Cluster): Promise<Examination> {
  return examined({ names: name === undefined ? [] : [name], allNamespaces: false }, cluster);
}

function printCommands({ report, at }: Examination, { io }: Session): number {
  const errors = errorsIn(report);
  io.stdout.write(commandsOf(errors, at));
  if (errors.length === 0) io.stderr.write('Nothing is wrong that a command could heal.\n');
  return errors.length === 0 ? 0 : 5;
}

/** The ports of recover on a terminal. */
class Terminal implements RecoverPorts {
  readonly #target: Target;
  readonly #cluster: Cluster;
  readonly #io: PromptIo;
  readonly #flags: ConnectionValues;
  readonly #session: Session;
  #at: ClusterRef | undefined;
  #set: Examined | undefined;

  constructor(name: string, cluster: Cluster, io: PromptIo, flags: ConnectionValues, session: Session) {
    this.#target = { namespace: cluster.connection.namespace, name };
    this.#cluster = cluster;
    this.#io = io;
    this.#flags = flags;
    this.#session = session;
  }

  async examine(): Promise<DoctorReport> {
    const { report, at } = await look(this.#target.name, this.#cluster);
    this.#at = at;
    this.#set = report.sets[0];
    return report;
  }

  ask(screen: Screen): Promise<Answer> {
    const { fixes, looks, finding } = screen;
    if (this.#set !== undefined && this.#at !== undefined)
      this.#say(`\n${renderRecoverHead(this.#set, finding.message, this.#at, this.#view)}`);
    const choices: readonly KeyedChoice<Answer>[] = [
      ...[...fixes, ...looks].map((remedy, index) => ({ key: String(index + 1), name: this.#inWords(remedy), value: remedy })),
      { key: '?', name: 'why it matters', value: 'why' },
      { key: 'c', name: 'print the commands', value: 'print' },
      { key: 'n', name: 'next problem', value: 'next' },
      { key: 'q', name: 'quit', value: 'quit' },
    ];
    return askKey('what shall be done?', choices, this.#io, '--print');
  }

  explain(finding: Screen['finding']): void {
    for (const text of whyOf(finding)) this.#say(hanging(text, this.#view.width, '  ').join('\n'));
  }

  print({ fixes, looks }: Screen): void {
    for (const remedy of [...fixes, ...looks]) this.#say(safe(commandLine(remedy, this.#place)));
  }

  async run(remedy: Remedy): Promise<number> {
    if (remedy.do === 'operation' && !isLook(remedy)) return await this.#change(remedy);
    this.#say(this.#view.style.faint(safe(commandLine(remedy, this.#place))));
    return await runCommand(commandWords(remedy, this.#place), this.#session);
  }

  async settle(): Promise<'healthy' | 'never' | 'timeout'> {
    const { reader } = this.#cluster;
    const { clock, interrupt, io } = this.#session;
    const subjects = { names: [this.#target.name], namespace: this.#target.namespace };
    const ports = {
      reader,
      clock,
      openRecord: openRecordOn,
      stop: interrupt.signal,
      tell: ({ name }: Target, words: string) => void io.stderr.write(`${name}: ${safe(words)}\n`),
    };
    try {
      const wait = { goal: 'healthy', timeoutMs: SETTLE_MS, patienceMs: PATIENCE_MS } as const;
      return (await waitForGoal([this.#target], subjects, wait, ports)) ? 'healthy' : 'never';
    } catch (error) {
      if (error instanceof StoppedError && error.by === 'timeout') return 'timeout';
      throw error;
    }
  }

  tell(event: RecoverEvent): void {
    this.#say(this.#tellInWords(event));
  }

  #tellInWords(event: RecoverEvent): string {
    const { name } = this.#target;
    switch (event.type) {
      case 'healthy':
        return `StatefulSet ${name} is healthy.`;
      case 'passed':
        return `That is no longer so: ${safe(event.finding.message)}`;
      case 'ended':
        return `That ended with exit code ${event.exitCode}.`;
      case 'unexplained':
        return `Nothing is wrong that is known here, and StatefulSet ${name} is not healthy: ${safe(event.reason)}${this.#openOperation()}`;
      case 'by-hand':
        return event.screens.map((screen) => this.#byHand(screen)).join('\n');
    }
  }

  /** An operation that is not finished has its own ways on. */
  #openOperation(): string {
    if (this.#set?.health !== 'Interrupted') return '';
    const line = commandLine({ do: 'operation', operation: 'operations', options: {} }, this.#place);
    return `\n  ${this.#view.style.accent(safe(line))} lists the commands that resume or cancel it`;
  }

  /** What to do on the node, in the cloud, in the application. */
  #byHand({ finding, looks }: Screen): string {
    const [, remedy = ''] = whyOf(finding);
    return [
      `No command heals this: ${safe(finding.message)}`,
      ...hanging(remedy, this.#view.width, '  '),
      ...looks.map((one) => `  ${this.#view.style.accent(safe(commandLine(one, this.#place)))}`),
    ].join('\n');
  }

  /** As the command itself would: with its plan, its question, its progress and its verification. */
  async #change({ operation, subject, options: { saveTo, ...options } }: Extract<Remedy, { do: 'operation' }>): Promise<number> {
    const flags: ChangeValues = this.#flags;
    const kept = typeof saveTo === 'string' ? { saveTo } : {};
    const name = subject?.name ?? this.#target.name;
    try {
      return await this.#session.change({ operation, name, options, common: commonOptions(flags), ...kept }, flags);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#say(safe(error.message));
      return 3;
    }
  }

  #inWords(remedy: Remedy): string {
    const line = safe(commandLine(remedy, { namespace: '', flags: [] }));
    return remedy.why === undefined ? line : `${safe(remedy.why)}: ${line}`;
  }

  get #place(): Place {
    return { namespace: this.#target.namespace, flags: this.#at?.flags ?? [] };
  }

  get #view() {
    return viewOf(this.#session.io.stderr, this.#session.io.env, this.#flags);
  }

  #say(text: string): void {
    this.#session.io.stderr.write(`${text}\n`);
  }
}

/** A command line of kubectl's, on this terminal. @returns its exit code */
function runCommand([command = 'kubectl', ...args]: readonly string[], { io }: Session): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...io.env } });
    child.on('error', (error) => {
      io.stderr.write(`${command} cannot be run: ${safe(error.message)}\n`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
