import type { OpenConnection } from '../../cluster/connection.ts';
import { runInPod } from '../../cluster/exec.ts';
import { CommandResolver } from '../../dns/by-command.ts';
import { defaultContainer } from '../../domain/containers.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isPodReady, isTerminating, membersOf } from '../../domain/members.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';

/** One command asks up to 40 questions, and a container may be slow; milliseconds. */
const COMMAND_MS = 20_000;

/** What a command prints of 40 answers, of which one may name a thousand Pods. */
const KEPT_BYTES = 1 << 20;

/**
 * The Pods in which DNS can be asked: the one that was named, or those of the StatefulSet that run, Ready ones first.
 * @throws CannotError where there is none
 */
export function podsToAskFrom(snapshot: Snapshot, set: StatefulSet, named: string | undefined): readonly Pod[] {
  const pods = listOf(snapshot, 'namespacePods');
  if (named !== undefined) {
    const found = pods.find(({ metadata }) => metadata.name === named);
    if (found === undefined) throw new CannotError(`there is no Pod ${named} in namespace ${snapshot.target.namespace}`);
    return [found];
  }
  const running = membersOf(set, pods).flatMap(({ pod }) => (pod?.status.phase === 'Running' && !isTerminating(pod) ? [pod] : []));
  if (running.length === 0) throw new CannotError(`no Pod of StatefulSet ${set.metadata.name} runs`);
  return [...running.filter(isPodReady), ...running.filter((pod) => !isPodReady(pod))];
}

/** Asks DNS in the default container of a Pod. Needs what `runInPod` does. */
export function resolverIn(pod: Pod, { sockets, clock }: OpenConnection): CommandResolver {
  const where = {
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: defaultContainer(pod),
    kept: KEPT_BYTES,
  };
  return new CommandResolver(
    async (command, signal) => {
      const { code, stdout, stderr } = await runInPod(sockets, { ...where, command }, signal);
      if (code !== 0) throw new CannotError(`exit code ${code}: ${stderr || stdout}`);
      return stdout;
    },
    clock,
    COMMAND_MS,
  );
}
