import { podsNamedAfter } from '../domain/members.ts';
import { replicasOf } from '../domain/naming.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Precondition } from '../plan/action.ts';
import { judge } from './judge.ts';

/**
 * The client-side half of a guard (law 2): on a fresh read, what is not as planned, in one sentence; undefined when all
 * is as it must be. The server-side half travels with the write.
 */
export function unmetPrecondition(preconditions: readonly Precondition[], snapshot: Snapshot): string | undefined {
  for (const precondition of preconditions) {
    const problem = problemOf(precondition, snapshot);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(precondition: Precondition, snapshot: Snapshot): string | undefined {
  const set = sliceOf(snapshot, 'set');
  const name = snapshot.target.name;
  switch (precondition.that) {
    case 'set-absent':
      return set.state === 'absent' ? undefined : set.state === 'read' ? `StatefulSet ${name} exists` : set.message;
    case 'no-members': {
      const pods = sliceOf(snapshot, 'pods');
      if (pods.state !== 'read') return 'Pods cannot be listed';
      const living = [...podsNamedAfter(name, listOf(snapshot, 'pods')).values()];
      return living.length === 0 ? undefined : `Pod ${living[0]?.metadata.name} exists`;
    }
    case 'set-is': {
      if (set.state === 'unknown') return set.message;
      if (set.state === 'absent') return `StatefulSet ${name} was deleted by somebody else`;
      if (precondition.uid !== undefined && set.value.metadata.uid !== precondition.uid)
        return `StatefulSet ${name} was deleted and created again by somebody else`;
      const replicas = replicasOf(set.value);
      const differs = precondition.replicas !== undefined && replicas !== precondition.replicas;
      return differs ? `replicas of StatefulSet ${name} is ${replicas}, planned on ${precondition.replicas}` : undefined;
    }
    case 'holds': {
      const { holds, note } = judge(precondition.condition, snapshot);
      return holds ? undefined : note;
    }
  }
}
