import { podsNamedAfter } from '../domain/members.ts';
import { replicasOf } from '../domain/naming.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Precondition } from '../plan/action.ts';
import { judge } from './judge/judge.ts';

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
  switch (precondition.that) {
    case 'set-absent':
      return presence(snapshot);
    case 'no-members':
      return livingMember(precondition.but, snapshot);
    case 'set-is':
      return difference(precondition, snapshot);
    case 'holds': {
      const { holds, note } = judge(precondition.condition, snapshot);
      return holds ? undefined : note;
    }
  }
}

function presence(snapshot: Snapshot): string | undefined {
  const set = sliceOf(snapshot, 'set');
  if (set.state === 'absent') return undefined;
  return set.state === 'read' ? `StatefulSet ${snapshot.target.name} exists` : set.message;
}

function livingMember(but: readonly string[], snapshot: Snapshot): string | undefined {
  const pods = sliceOf(snapshot, 'pods');
  if (pods.state !== 'read') return 'Pods cannot be listed';
  const living = [...podsNamedAfter(snapshot.target.name, pods.value).values()].find(({ metadata }) => !but.includes(metadata.uid));
  return living === undefined ? undefined : `Pod ${living.metadata.name} exists`;
}

function difference({ uid, replicas }: Extract<Precondition, { that: 'set-is' }>, snapshot: Snapshot): string | undefined {
  const set = sliceOf(snapshot, 'set');
  const name = `StatefulSet ${snapshot.target.name}`;
  if (set.state === 'unknown') return set.message;
  if (set.state === 'absent') return `${name} was deleted by somebody else`;
  if (uid !== undefined && set.value.metadata.uid !== uid) return `${name} was deleted and created again by somebody else`;
  const now = replicasOf(set.value);
  return replicas === undefined || now === replicas ? undefined : `replicas of ${name} is ${now}, planned on ${replicas}`;
}
