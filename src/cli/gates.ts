import { runInPod } from '../cluster/exec.ts';
import { getPassedOn } from '../cluster/proxied.ts';
import type { Target } from '../domain/snapshot.ts';
import type { AskGate } from '../execute/ports.ts';
import { ask, type GatePorts } from '../gates/ask.ts';
import { placeIn, runHere } from './here.ts';
import type { Cluster } from './session.ts';

/** Gates as an operation on this set asks them: through the API server, or by a shell of this machine. */
export function gatesOf(cluster: Cluster, env: NodeJS.ProcessEnv, { namespace, name: set }: Pick<Target, 'namespace' | 'name'>): AskGate {
  const { connection } = cluster;
  const ports: GatePorts = {
    inPod: ({ pod, container }, command, signal) => runInPod(connection.sockets, { namespace, pod, container, command }, signal),
    found: async ({ pod }, server, signal) =>
      (await import('./peers-gate.ts')).lookForPod({ namespace, set, pod }, server, cluster, env, signal),
    get: (path, signal) => getPassedOn(connection.transport, path, signal),
    here: (command, told, signal) => runHere(command, { ...env, ...placeIn(cluster), ...told }, signal),
  };
  return (gate, { pod, container }, signal) => ask(gate, { namespace, set, pod, container }, ports, signal);
}
