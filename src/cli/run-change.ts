import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { apiVerbs } from '../cluster/writes.ts';
import { CannotError } from '../domain/errors.ts';
import type { Resource } from '../domain/object-ref.ts';
import type { Target } from '../domain/snapshot.ts';
import type { OperatePorts, OperationRequest } from '../operate/ports.ts';
import { runOperation } from '../operate/run.ts';
import type { Planned } from '../plan/plan.ts';
import type { OperationResult, Outcome } from '../plan/result.ts';
import { createSink, type ProgressChoice } from '../render/live/sink.ts';
import { checkAllowed } from './allowed.ts';
import type { ChangeValues } from './change.ts';
import { showPlanned, tellFailure, tellResult } from './change-output.ts';
import { consentFrom } from './consent.ts';
import { sentenceOf } from './ending.ts';
import { type About, isLineOfJson } from './failure.ts';
import { gatesOf } from './gates.ts';
import { lastWords } from './last-words.ts';
import { liveness, operatorOf } from './operator.ts';
import type { ChangeRequest, Cluster, Session } from './session.ts';
import { stoppable } from './stoppable.ts';
import { viewOf } from './view.ts';

/** What is known by the time something fails. */
interface Known {
  cluster?: Cluster;
  planned?: Planned;
  /** The result was told, or that was tried: one command, one document. */
  told?: true;
}

/** Carries out one changing command: tells how it ended, in a document an error too, and returns its exit code. */
export async function runChange(request: ChangeRequest, flags: ChangeValues, session: Session): Promise<number> {
  try {
    return (await resultOfChange(request, flags, session)).exitCode;
  } catch (error) {
    // As the last line of JSON it was reported already.
    if (isLineOfJson(error, flags)) return sentenceOf(error).code;
    throw error;
  }
}

/**
 * The same for whoever goes on after it.
 * @param shared a connection of the caller's, which stays open; without one it opens its own
 */
export async function resultOfChange(
  request: ChangeRequest,
  flags: ChangeValues,
  session: Session,
  shared?: Cluster,
): Promise<OperationResult> {
  await checkAllowed(request.common.allow);
  const known: Known = {};
  try {
    await checkSaveTo(request.saveTo);
    known.cluster = shared ?? (await session.open(flags));
    return await changed(request, flags, session, known.cluster, known);
  } catch (error) {
    if (known.told !== true) await tellFailure(error, () => aboutOf(request, flags, known), flags, session);
    throw error;
  } finally {
    if (shared === undefined) known.cluster?.connection.transport.close();
  }
}

const BEFORE_THE_FIRST_STEP: readonly Outcome[] = ['refused', 'nothing-to-do', 'declined', 'dry-run'];

/** Wires the driver's ports, and reports the result. */
async function changed(
  request: ChangeRequest,
  flags: ChangeValues,
  session: Session,
  cluster: Cluster,
  known: Known,
): Promise<OperationResult> {
  const ports = portsOf(request, flags, session, cluster, (shown) => {
    known.planned = shown;
    showPlanned(shown, request, flags, session.io);
  });
  try {
    const result = await runOperation(requestOf(request, cluster.connection.namespace), ports);
    // What ends before its first step has no events; programs get the end at least.
    if (flags.progress === 'json' && BEFORE_THE_FIRST_STEP.includes(result.outcome))
      ports.sink.emit({ type: 'operation-finished', result, at: ports.serverNow() });
    ports.sink.close();
    known.told = true;
    await tellResult(result, known.planned, flags, session.io);
    return result;
  } finally {
    ports.sink.close();
  }
}

/** Without a connection, what the command line says; without an answer of the server, what the kubeconfig says. */
async function aboutOf({ operation, name, resource }: ChangeRequest, flags: ChangeValues, { cluster, planned }: Known): Promise<About> {
  const { context = '', server = '' } = cluster?.connection ?? flags;
  const target = targetOf({ name, resource }, cluster?.connection.namespace ?? flags.namespace ?? '');
  const where = { context, server, identity: '', flags: [] };
  return { operation, target, cluster: (await cluster?.reader.identity(target).catch(() => where)) ?? where, planned };
}

function targetOf({ name, resource }: Pick<Target, 'name'> & { readonly resource: Resource | undefined }, namespace: string): Target {
  if (resource === undefined) return { namespace, name };
  // A node is in no namespace.
  if (resource === 'nodes') return { resource, namespace: '', name };
  return { resource, namespace, name: resource === 'namespaces' ? namespace : name };
}

/** Without what only consent needs. */
function requestOf(
  { name, resource, node, common: { yes: _yes, confirm: _confirm, ...common }, ...request }: ChangeRequest,
  namespace: string,
): OperationRequest {
  return { ...request, ...common, target: { ...targetOf({ name, resource }, namespace), ...(node === undefined ? {} : { node }) } };
}

/** Said before anything is asked: where there is no such folder, nothing can be kept there. */
async function checkSaveTo(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const [folder, itself] = await Promise.all([stat(dirname(path)), stat(path)].map((look) => look.catch(() => undefined)));
  if (itself?.isDirectory() === true) throw new CannotError(`--save-to ${path} is a folder`, 'name a file in it');
  if (folder?.isDirectory() !== true) throw new CannotError(`--save-to ${path}: there is no folder ${dirname(path)}`, 'make it first');
}

/** A new file: an archive that was saved there before is the only one of what it holds. */
async function saveFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CannotError(`--save-to ${path}: there is such a file already`, 'choose another name', error);
    throw new CannotError(`--save-to ${path} cannot be written: ${message}`, 'choose another place', error);
  }
}

function progressOf({ progress, quiet }: ChangeValues): ProgressChoice {
  return progress ?? (quiet === true ? 'none' : 'auto');
}

function portsOf(
  { common, ...asked }: ChangeRequest,
  flags: ChangeValues,
  { io, clock, interrupt }: Session,
  cluster: Cluster,
  show: (planned: Planned) => void,
): OperatePorts {
  const { connection, reader } = cluster;
  const serverNow = (): number => connection.transport.serverNow();
  const { style, width } = viewOf(io.stderr, io.env, flags);
  // The sinks want the terminal's own stream; in tests anything that can be written to will do.
  const stderr = io.stderr as NodeJS.WriteStream;
  const sinkIo = { stderr, isTTY: io.stderr.isTTY === true, columns: width, style, env: io.env, clock };
  const sink = stoppable(createSink(progressOf(flags), sinkIo), interrupt, serverNow, (plan, done) => {
    // The operation's own sink is closed, and a live list could not tell it any more.
    const last = createSink(flags.progress === 'json' ? 'json' : 'plain', sinkIo);
    last.emit({ type: 'stopping', message: lastWords(plan, done, asked), at: serverNow() });
    last.close();
  });
  const onWarning = (message: string): void => sink.emit({ type: 'warning', message, at: serverNow() });
  return {
    reader,
    verbs: apiVerbs(connection, { dryRun: false, onWarning }),
    dryRunVerbs: apiVerbs(connection, { dryRun: true, onWarning }),
    serverNow,
    clock,
    operator: operatorOf(connection.user),
    liveness,
    newId: () => randomUUID(),
    consent: consentFrom({ yes: flags.yes, confirm: common.confirm }, { stdin: io.stdin, stderr: io.stderr, signal: interrupt.signal }),
    show,
    sink,
    askGate: gatesOf(cluster, io.env, { namespace: cluster.connection.namespace, name: asked.name }),
    enterSection: (leftMs) => interrupt.enterSection(leftMs),
    stop: interrupt.signal,
    // The manifest may hold secrets in its environment variables.
    saveFile,
    readFile: (path) => readFile(path, 'utf8'),
  };
}
