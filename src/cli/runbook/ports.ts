import { runInPod } from '../../cluster/exec.ts';
import { getOrUndefined } from '../../cluster/writes.ts';
import { defaultContainer } from '../../domain/containers.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Pod } from '../../domain/kube.ts';
import { setOf } from '../../domain/node-pods.ts';
import { pathOf, refTo } from '../../domain/object-ref.ts';
import { askUntilWell } from '../../execute/gate.ts';
import { required } from '../../inspect/required.ts';
import { waitForGoal } from '../../inspect/status/wait.ts';
import { operationNamed } from '../../operations/registry.ts';
import { parseGate } from '../../plan/gate.ts';
import { safe } from '../../render/text.ts';
import { milliseconds } from '../../runbook/check.ts';
import type { Mark } from '../../runbook/journal.ts';
import type { CommandStep, ExecStep, GateStep, OperationStep, WaitStep } from '../../runbook/schema.ts';
import { gatesOf } from '../gates.ts';
import { placeIn, runHere } from '../here.ts';
import { openRecordOn } from '../look-ports.ts';
import type { Cluster, Session } from '../session.ts';

/** How long a gate is asked at most, unless the step says. */
const GATE_MS = 5 * 60_000;

/** What steps do that are no operations, on this cluster. */
export class StepActions {
  readonly #cluster: Cluster;
  readonly #session: Session;

  constructor(cluster: Cluster, session: Session) {
    this.#cluster = cluster;
    this.#session = session;
  }

  readonly mark = async ({ operation, target }: OperationStep): Promise<Mark | undefined> => {
    const { transport, namespace } = this.#cluster.connection;
    const subject = operationNamed(operation)?.subject;
    if (target === undefined || subject === undefined) return undefined;
    const found = (await getOrUndefined(transport, pathOf(refTo(subject, namespace, target)))) as { metadata: Mark } | undefined;
    if (found === undefined) return undefined;
    const { uid, generation } = found.metadata;
    return { uid, ...(generation === undefined ? {} : { generation }) };
  };

  readonly wait = async ({ wait: goal, target: name }: WaitStep, signal: AbortSignal): Promise<string> => {
    const { connection, reader } = this.#cluster;
    const { clock, io } = this.#session;
    const { namespace } = connection;
    let words = '';
    const tell = (_: unknown, said: string): void => {
      words = said;
      io.stderr.write(`  ${safe(name)}: ${safe(said)}\n`);
    };
    const ports = { reader, openRecord: openRecordOn, clock, stop: signal, tell };
    if (await waitForGoal([{ namespace, name }], { names: [name], namespace }, { goal }, ports)) return `${name} is ${goal}`;
    throw new CannotError(`${name} does not become ${goal} by itself: ${words}`);
  };

  readonly gate = async ({ gate: text, target: set, prometheus, dnsServer, timeout }: GateStep, signal: AbortSignal): Promise<string> => {
    const { connection, reader } = this.#cluster;
    const { clock, io } = this.#session;
    const { namespace } = connection;
    const gate = parseGate(text, prometheus, dnsServer);
    if (gate === undefined) throw new CannotError(`"${text}" is no gate`);
    const ask = gatesOf(this.#cluster, io.env, { namespace, name: set });
    const seen = required(await reader.readSlice('pods', { namespace, name: set })) ?? [];
    const pods = seen.filter((pod) => setOf(pod) === set);
    if (pods.length === 0) throw new CannotError(`StatefulSet ${set} has no Pods to ask`);
    const deadline = clock.now() + (timeout === undefined ? GATE_MS : milliseconds(timeout));
    for (const pod of pods) {
      const { name } = pod.metadata;
      const again = (said: string): void => void io.stderr.write(`  ${name}: ${safe(said)}; asking again\n`);
      const question = (ended: AbortSignal) => ask(gate, { pod: name, container: defaultContainer(pod) }, ended);
      const said = await askUntilWell(question, { clock, stop: signal, deadline, again });
      if (said !== undefined) throw new CannotError(`gate ${text} did not pass for Pod ${name}: ${said}`);
    }
    return `passed for ${pods.length === 1 ? 'the Pod' : `all ${pods.length} Pods`}`;
  };

  readonly exec = async ({ exec: command, pod: name, container }: ExecStep, signal: AbortSignal): Promise<string> => {
    const { transport, sockets, namespace } = this.#cluster.connection;
    const pod = (await getOrUndefined(transport, pathOf(refTo('pods', namespace, name)))) as unknown as Pod | undefined;
    if (pod === undefined) throw new CannotError(`Pod ${name} not found`);
    const end = await runInPod(sockets, { namespace, pod: name, container: container ?? defaultContainer(pod), command }, signal);
    for (const text of [end.stdout, end.stderr]) this.#tellOutput(text);
    if (end.code === 0) return 'exit code 0';
    throw new CannotError(`${command.join(' ')} in Pod ${name}: exit code ${end.code}`);
  };

  readonly command = async ({ command }: CommandStep, signal: AbortSignal): Promise<string> => {
    const [program = '', ...args] = command;
    const told = { ...this.#session.io.env, ...placeIn(this.#cluster) };
    const { code } = await runHere([program, ...args], told, signal, (text) => this.#tellOutput(text)).catch((error: Error) => {
      throw signal.aborted ? (signal.reason as Error) : new CannotError(`${program}: ${error.message}`, undefined, error);
    });
    if (code === 0) return 'exit code 0';
    throw new CannotError(`${command.join(' ')}: exit code ${code}`);
  };

  /** stdout is for the result. */
  #tellOutput(text: string): void {
    const lines = text.trimEnd();
    if (lines !== '') this.#session.io.stderr.write(`${lines.replaceAll(/^/gm, '  | ')}\n`);
  }
}
