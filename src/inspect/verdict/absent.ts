import { archiveLeft, archiveLeftInWords, archivesUnknown } from '../../domain/archive-left.ts';
import type { Pod } from '../../domain/kube.ts';
import { isLeftBehind, podsNamedAfter } from '../../domain/members.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { missing, type Verdict } from './kinds.ts';

/**
 * Signature 42: Pods, an archive of ours or an open operation, without a set.
 *
 * @param operation our open operation in words, if any: it says what is to be done, and an archive alone does not
 * @returns undefined when nothing is left of it
 */
export function absentVerdict(snapshot: Snapshot, pods: readonly Pod[], operation: string | undefined): Verdict | undefined {
  const { name } = snapshot.target;
  const running = [...podsNamedAfter(name, pods).values()].filter((pod) => isLeftBehind(pod, name)).length;
  const archive = archiveLeft(snapshot);
  if (running === 0 && archive === undefined && operation === undefined) return undefined;
  const back = archive === undefined ? undefined : archiveLeftInWords(archive, snapshot.now);
  const way = operation ?? back ?? archivesUnknown(snapshot) ?? 'no archive is known';
  const left = running === 0 ? '' : `; ${running === 1 ? '1 Pod still runs' : `${running} Pods still run`} without it`;
  return missing(`there is no StatefulSet ${name}; ${way}${left}`);
}
