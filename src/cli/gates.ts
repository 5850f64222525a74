import { spawn } from 'node:child_process';
import { runInPod, Tail } from '../cluster/exec.ts';
import { getPassedOn } from '../cluster/proxied.ts';
import type { Target } from '../domain/snapshot.ts';
import type { AskGate } from '../execute/ports.ts';
import { ask, type GatePorts } from '../gates/ask.ts';
import type { CommandOutcome } from '../gates/judge.ts';
import type { Cluster } from './session.ts';

/** Gates as an operation on this set asks them: through the API server, or by a shell of this machine. */
export function gatesOf(cluster: Cluster, env: NodeJS.ProcessEnv, { namespace, name: set }: Pick<Target, 'namespace' | 'name'>): AskGate {
  const { connection } = cluster;
  const ports: GatePorts = {
    inPod: ({ pod, container }, command, signal) => runInPod(connection.sockets, { namespace, pod, container, command }, signal),
    found: async ({ pod }, server, signal) =>
      (await import('./peers-gate.ts')).lookForPod({ namespace, set, pod }, server, cluster, env, signal),
    get: (path, signal) => getPassedOn(connection.transport, path, signal),
    here: (command, told, signal) => shell(command, { ...env, ...told }, signal),
  };
  return (gate, { pod, container }, signal) => ask(gate, { namespace, set, pod, container }, ports, signal);
}

/** Its output is shown with the answer, so it has neither the terminal nor stdin. */
function shell(command: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = [new Tail(), new Tail()];
    child.stdout.on('data', (data: Buffer) => stdout.add(data));
    child.stderr.on('data', (data: Buffer) => stderr.add(data));
    child.once('error', reject);
    child.once('close', (code, by) => {
      if (code === null) reject(new Error(`ended by ${by ?? 'a signal'}`));
      else resolve({ code, stdout: stdout.text, stderr: stderr.text });
    });
  });
}
