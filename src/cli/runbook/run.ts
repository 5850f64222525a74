import { homedir } from 'node:os';
import { RefusedError } from '../../domain/errors.ts';
import { shellQuote } from '../../plan/commandline.ts';
import type { RunResult } from '../../plan/run-result.ts';
import { renderRun, stepLine } from '../../render/runbook.ts';
import { type Beginning, differenceOf, type History, journalPath, openJournal, readJournal } from '../../runbook/journal.ts';
import { lockJournal } from '../../runbook/lock.ts';
import type { RunPorts } from '../../runbook/ports.ts';
import { deedOf } from '../../runbook/read.ts';
import { runSteps } from '../../runbook/run.ts';
import type { Step } from '../../runbook/schema.ts';
import { liveness, operatorOf } from '../operator.ts';
import { askYesNo, hasTerminal } from '../prompt.ts';
import type { Cluster, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { checkOnCluster, planAll, tellDocument } from './look.ts';
import { operateStep } from './operate.ts';
import { StepActions } from './ports.ts';
import { type Loaded, loadRunbook } from './read.ts';
import type { RunbookRequest, RunbookValues } from './request.ts';

/** `run`: checks, plans or carries out a runbook. @returns the exit code */
export async function runRunbook(request: RunbookRequest, flags: RunbookValues, session: Session): Promise<number> {
  const loaded = await loadRunbook(request, session);
  const cluster = await session.open(flags);
  const release = session.interrupt.attend();
  try {
    if (request.mode === 'check') return await checkOnCluster(request, loaded, cluster, flags, session);
    if (request.mode !== 'run') return await planAll(loaded, request.mode, flags, session, cluster);
    return await carriedOut(request, loaded, cluster, flags, session);
  } finally {
    release();
    cluster.connection.transport.close();
  }
}

async function carriedOut(
  request: RunbookRequest,
  loaded: Loaded,
  cluster: Cluster,
  flags: RunbookValues,
  session: Session,
): Promise<number> {
  const { namespace } = cluster.connection;
  const { identity } = await cluster.reader.identity({ namespace, name: '' });
  const beginning: Beginning = { runbook: loaded.digest, parameters: loaded.parameters, cluster: identity, namespace };
  const path = request.journal ?? journalPath(loaded.path, beginning, session.io.env, homedir());
  await using _lock = await lockJournal(path, operatorOf(cluster.connection.user), (runner) => liveness(runner) === 'gone');
  const history = resumed(await readJournal(path), beginning, request);
  assertApprovable(loaded.steps, request.approve, history, session);
  await using journal = await openJournal(path);
  const ports = portsOf(request, cluster, flags, session, loaded.steps.length, (entry) => journal.add(entry));
  const ran = await runSteps(loaded.steps, beginning, history, ports);
  const result: RunResult = { ...ran, journal: path, ...(ran.outcome === 'done' ? {} : { resumeCommand: resumeLine(request, cluster) }) };
  if (!(await tellDocument(result, flags, session))) {
    const { stdout, env } = session.io;
    stdout.write(`\n${renderRun(result, viewOf(stdout, env, flags))}\n`);
  }
  return result.exitCode;
}

/**
 * The run that is to be resumed; undefined for a new one.
 * @throws RefusedError where there is none to resume, where one waits to be, or where it is one of something else
 */
function resumed(found: History | undefined, beginning: Beginning, { resume, path }: RunbookRequest): History | undefined {
  const isOpen = found !== undefined && !found.isFinished && (found.done.size > 0 || found.open !== undefined);
  if (!resume) {
    if (!isOpen) return undefined;
    throw new RefusedError(
      `an earlier run of ${path} (${found.beginning.at}) is not finished: ${found.done.size} steps are done`,
      'add --resume to continue it, or --journal FILE to begin another one',
    );
  }
  if (found === undefined || found.isFinished) throw new RefusedError(`there is no run of ${path} to resume`, 'leave --resume out');
  const changed = differenceOf(found.beginning, beginning);
  if (changed !== undefined) throw new RefusedError(`the run cannot be resumed: ${changed}`, 'resume it as it was begun');
  return found;
}

function portsOf(
  { approve }: RunbookRequest,
  cluster: Cluster,
  flags: RunbookValues,
  session: Session,
  total: number,
  journal: RunPorts['journal'],
): RunPorts {
  const { io, interrupt, clock } = session;
  const view = viewOf(io.stderr, io.env, flags);
  const { mark, wait, gate, exec, command } = new StepActions(cluster, session);
  return {
    mark,
    wait,
    gate,
    exec,
    command,
    journal,
    operate: (step, timeoutMs) => operateStep(step, { timeoutMs }, flags, session, cluster),
    approve: ({ name }, question) => (approve.includes(name) ? Promise.resolve(true) : approval(name, question, session)),
    begins: (step, index) => io.stderr.write(`${stepLine({ name: step.name, deed: deedOf(step), number: index + 1, total }, view)}\n`),
    ended: ({ name, outcome, message }) => {
      if (outcome === 'skipped') io.stderr.write(`${view.style.faint(`Step ${name}: done by an earlier run`)}\n`);
      else if (outcome !== 'done') io.stderr.write(`${view.style.bad(`Step ${name}: ${outcome}`)}: ${message}\n`);
    },
    now: () => cluster.connection.transport.serverNow(),
    after: (ms) => after(ms, clock),
    stop: interrupt.signal,
  };
}

/** Without a terminal nobody could be asked later, when half of it is done. */
function assertApprovable(steps: readonly Step[], given: readonly string[], history: History | undefined, { io }: Session): void {
  if (hasTerminal(io)) return;
  const open = steps.filter((step) => 'approve' in step && history?.done.has(step.name) !== true).map(({ name }) => name);
  const missing = open.filter((name) => !given.includes(name));
  if (missing.length === 0) return;
  const what = missing.length === 1 ? `step ${missing[0] ?? ''} needs an approval` : `steps ${missing.join(', ')} need approvals`;
  throw new RefusedError(`${what}, and there is no terminal to ask on; nothing was done`, `add --approve ${missing.join(',')}`);
}

async function approval(name: string, question: string, { io, interrupt }: Session): Promise<boolean> {
  const prompt = { stdin: io.stdin, stderr: io.stderr, signal: interrupt.signal };
  if (hasTerminal(prompt)) return await askYesNo(question, prompt);
  throw new RefusedError('it needs an approval, and there is no terminal to ask on', `add --approve ${name}`);
}

function after(ms: number, clock: Session['clock']): ReturnType<RunPorts['after']> {
  const [over, late] = [new AbortController(), new AbortController()];
  clock.sleep(ms, over.signal).then(
    () => late.abort(new Error('late')),
    () => undefined,
  );
  return { signal: late.signal, [Symbol.dispose]: () => over.abort() };
}

/** With everything that it was begun with. */
function resumeLine({ path, set, journal }: RunbookRequest, { connection: { flags, namespace } }: Cluster): string {
  const words = ['kubectl', 'sts-safe', 'run', path, ...set.flatMap((text) => ['--set', text])];
  const place = [...(journal === undefined ? [] : ['--journal', journal]), '-n', namespace, ...flags];
  return [...words, ...place, '--resume'].map(shellQuote).join(' ');
}
