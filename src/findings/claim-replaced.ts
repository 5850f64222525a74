import { awaitedClaims, userOf } from './awaited-claims.ts';
import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** A claim has the archived name and is another object: other data, or none. */
export const claimReplaced: Check = {
  id: 'claim-replaced',
  title: 'A PVC is not the one that was archived',
  meaning: 'It has the same name and another UID: it was deleted and made again since, so what is on it is not what the member left.',
  remedy: 'Look at both volumes, and bind the right one.',
  source: 'the archive’s list of PVCs',
  override: 'allow',
  needs: ['claims'],
  run(snapshot, intent) {
    const archived = new Map((intent.archive?.claims ?? []).map((claim) => [claim.name, claim]));
    return (awaitedClaims(snapshot, intent) ?? []).flatMap((claim) => {
      const { name, uid, creationTimestamp } = claim.metadata;
      const before = archived.get(name);
      if (before === undefined || before.uid === uid) return [];
      const object = `persistentvolumeclaim/${name}`;
      return [
        {
          grade: 'proven' as const,
          subject: subjectOf('persistentvolumeclaim', claim),
          message: `${name} is not the PVC that was archived but one of ${creationTimestamp ?? 'unknown age'}: ${userOf(intent, name)} would come up on other data`,
          evidence: [
            seen(object, 'metadata.uid', uid),
            seen(`archive/${intent.archive?.name}`, `claims[${name}].uid`, before.uid),
            seen(object, 'spec.volumeName', claim.spec.volumeName),
            seen(`archive/${intent.archive?.name}`, `claims[${name}].volume`, before.volume),
          ],
          remedies:
            before.volume === undefined
              ? []
              : [kubectl('get', ['persistentvolume', before.volume], 'whether the archived volume still exists')],
        },
      ];
    });
  },
};
