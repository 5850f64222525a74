import { claimsOf, otherClaimants } from '../domain/claims.ts';
import type { Check, OfSet } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/**
 * Another set generates this claim's name: (`data`, `a-web`) and (`data-a`, `web`) both make `data-a-web-0`. Whatever
 * happens to it happens to both.
 */
export const claimShared: Check<OfSet> = {
  id: 'claim-shared',
  title: 'Another set has the same claim',
  meaning:
    'Claims are named TEMPLATE-SET-ORDINAL, and that can be read in two ways: template data of set a-web and template data-a of set web both make data-a-web-0. Both sets use one claim, and nobody can say to whom its data belongs.',
  remedy: 'Separate them: copy the data, and re-create one of the sets under another name.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'never',
  needs: ['set', 'sets', 'pods', 'claims'],
  run(snapshot, { set }) {
    const sets = known(snapshot, 'sets') ?? [];
    return claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []).flatMap(({ claim }) =>
      otherClaimants(claim, set, sets).map((other) => ({
        grade: 'proven',
        subject: subjectOf('persistentvolumeclaim', claim),
        message: `${claim.metadata.name} is the name of a claim of StatefulSet ${other.metadata.name} too`,
        evidence: [set, other].map(({ metadata, spec }) =>
          seen(
            `statefulset/${metadata.name}`,
            'spec.volumeClaimTemplates[].metadata.name',
            (spec.volumeClaimTemplates ?? []).map((template) => template.metadata.name).join(', '),
          ),
        ),
        remedies: [],
      })),
    );
  },
};
