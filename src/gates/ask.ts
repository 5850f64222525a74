import type { DnsServer } from '../domain/dns-server.ts';
import { collectionOf } from '../domain/object-ref.ts';
import type { Gate } from '../plan/gate.ts';
import { type Answer, type CommandOutcome, judge, type Observation } from './judge.ts';

/** About whom a gate is asked. */
export interface GateSubject {
  readonly namespace: string;
  readonly set: string;
  readonly pod: string;
  /** The Pod's default container. */
  readonly container: string;
}

/** The ways to ask. Each rejects with an Error that says why there is no answer. */
export interface GatePorts {
  inPod(subject: GateSubject, command: readonly string[], signal: AbortSignal): Promise<CommandOutcome>;
  /** A GET of the API server; what a proxy passes on is an answer whatever its status. */
  get(path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: string }>;
  /** Whether others find the Pod, as `peers` looks: by this DNS server, or else by its own ways. */
  found(subject: GateSubject, server: DnsServer | undefined, signal: AbortSignal): Promise<Answer>;
  /** A shell on this machine. */
  here(command: string, env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<CommandOutcome>;
}

/** Asks once. @throws the signal's reason when it aborts */
export async function ask(gate: Gate, subject: GateSubject, ports: GatePorts, signal: AbortSignal): Promise<Answer> {
  try {
    return judge(gate, await observe(gate, subject, ports, signal));
  } catch (error) {
    signal.throwIfAborted();
    return judge(gate, { of: 'nothing', why: error instanceof Error ? error.message : String(error) });
  }
}

async function observe(gate: Gate, subject: GateSubject, ports: GatePorts, signal: AbortSignal): Promise<Observation> {
  const { namespace, pod } = subject;
  switch (gate.ask) {
    case 'exec':
      return { of: 'command', ...(await ports.inPod(subject, ['sh', '-c', gate.command], signal)) };
    case 'http':
    case 'https': {
      const path = `${collectionOf('pods', namespace)}/${gate.ask}:${encodeURIComponent(pod)}:${gate.port}/proxy${gate.path}`;
      return { of: 'http', ...(await ports.get(path, signal)) };
    }
    case 'promql': {
      const { service, query } = gate;
      const proxy = `${collectionOf('services', service.namespace)}/http:${service.name}:${service.port}/proxy`;
      return { of: 'http', ...(await ports.get(`${proxy}/api/v1/query?${new URLSearchParams({ query }).toString()}`, signal)) };
    }
    case 'srv':
      return { of: 'answer', ...(await ports.found(subject, gate.server, signal)) };
    case 'command':
      return { of: 'command', ...(await ports.here(gate.command, environment(subject), signal)) };
  }
}

/** What a command on this machine is told. */
function environment({ namespace, set, pod }: GateSubject): Readonly<Record<string, string>> {
  return { STS_SAFE_NAMESPACE: namespace, STS_SAFE_STATEFULSET: set, STS_SAFE_POD: pod };
}
