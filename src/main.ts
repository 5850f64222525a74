import { realClock } from './cli/clock.ts';
import { complete, type Lister } from './cli/completion.ts';
import { dispatch } from './cli/dispatch.ts';
import { leave, processIo, quietPipes } from './cli/exit.ts';
import type { Interrupt } from './cli/interrupt.ts';
import type { Io } from './cli/io.ts';
import { commands } from './cli/manifest.ts';
import type { Cluster, Session } from './cli/session.ts';
import { version } from './cli/version.ts';
import type { Place } from './plan/commandline.ts';
import { registry } from './registry.ts';

/** Runs one command line and returns its exit code; touches nothing but `io` and the cluster. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let verbosity = 0;
  let place: Place | undefined;
  const verbose = (level: number): void => {
    verbosity = level;
  };
  const opened = ({ connection: { namespace, flags } }: Cluster): void => {
    place = { namespace, flags };
  };
  try {
    return await dispatch(argv, io, { loaders: registry, session: (to, interrupt) => openSession(to, interrupt, opened), verbose });
  } catch (error) {
    const { endingOf } = await import('./cli/ending.ts');
    const { code, text } = endingOf(error, verbosity, place);
    io.stderr.write(text);
    return code;
  }
}

/** The plugin's way in, for bin/. */
export async function start(): Promise<never> {
  const io = processIo();
  quietPipes(io);
  return leave(await main(process.argv.slice(2), io), io);
}

/** The way in for kubectl's completion. */
export async function startCompletion(): Promise<never> {
  const io = processIo();
  quietPipes(io);
  const lister: Lister = async (source, flags) => (await import('./cli/lister.ts')).listNames(source, flags, io, realClock);
  io.stdout.write(await complete(process.argv.slice(2), commands, lister));
  return leave(0, io);
}

/**
 * What commands reach: each part is loaded when it is first used, so that `version` and the help load none of them.
 * @param opened told where a command has gone, for the hints of its errors
 */
function openSession(io: Io, interrupt: Interrupt, opened: (cluster: Cluster) => void): Session {
  const session: Session = {
    io,
    version,
    clock: realClock,
    interrupt,
    open: async (flags) => {
      const { connectHost, openCluster } = await import('./cli/connect.ts');
      const cluster = await openCluster(flags, connectHost(io, realClock));
      opened(cluster);
      return cluster;
    },
    readFile: async (path) => await (await import('node:fs/promises')).readFile(path, 'utf8'),
    change: async (request, flags) => (await import('./cli/run-change.ts')).runChange(request, flags, session),
    status: async (request, output, flags) => (await import('./cli/show/status.ts')).showStatus(request, output, flags, session),
    doctor: async (request, output, flags) => (await import('./cli/show/doctor.ts')).showDoctor(request, output, flags, session),
    recover: async (request, flags) => (await import('./cli/show/recover.ts')).recoverSet(request, flags, session),
    peers: async (request, output, flags) => (await import('./cli/show/peers.ts')).showPeers(request, output, flags, session),
    node: async (name, check, output, flags) => (await import('./cli/show/node.ts')).showNode(name, check, output, flags, session),
    pvcs: async (request, output, flags) => (await import('./cli/show/pvcs.ts')).showPvcs(request, output, flags, session),
    rolloutStatus: async (name, output, flags) => (await import('./cli/show/rollout.ts')).showRolloutStatus(name, output, flags, session),
    rolloutHistory: async (name, output, flags) => (await import('./cli/show/rollout.ts')).showRolloutHistory(name, output, flags, session),
    attested: async (node, flags) => (await import('./cli/show/attest.ts')).attested(node, flags, session),
    placeOf: async (pod, flags) => (await import('./cli/show/pod-place.ts')).placeOfPod(pod, flags, session),
    permissions: async (operation, check, flags) =>
      (await import('./cli/show/permissions.ts')).showPermissions(operation, check, flags, session),
    runbook: async (request, flags) => (await import('./cli/runbook/run.ts')).runRunbook(request, flags, session),
    operations: async (all, output, flags) => (await import('./cli/show/operations.ts')).showOperations(all, output, flags, session),
    restorable: async (all, output, flags) => (await import('./cli/show/operations.ts')).showRestorable(all, output, flags, session),
    archives: async (name, output, flags) => (await import('./cli/show/archives.ts')).showArchives(name, output, flags, session),
    explain: async (id, output, flags) => (await import('./cli/show/explain.ts')).showExplanation(id, output, flags, session),
    versions: async (clientOnly, output, flags) => (await import('./cli/show/version.ts')).showVersion(clientOnly, output, flags, session),
  };
  return session;
}
