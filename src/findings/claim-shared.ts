import { claimsOf, otherClaimants, type SetClaim } from '../domain/claims.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { Check, OfSet } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/**
 * Another set generates this claim's name: (`data`, `a-web`) and (`data-a`, `web`) both make `data-a-web-0`. Whatever
 * happens to it happens to both.
 */
export const claimShared: Check<OfSet> = {
  id: 'claim-shared',
  title: 'Another set has the same PVC',
  meaning:
    'PVCs are named TEMPLATE-SET-ORDINAL, and that can be read in two ways: template data of set a-web and template data-a of set web both make data-a-web-0. Both sets use one PVC, and nobody can say to whom its data belongs.',
  remedy: 'Separate them: copy the data, and re-create one of the sets under another name.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'never',
  needs: ['set', 'sets', 'pods', 'claims'],
  run(snapshot, { set }) {
    const claims = claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []);
    const sets = claimantsAmong(known(snapshot, 'sets') ?? [], claims);
    return claims.flatMap(({ claim }) =>
      otherClaimants(claim, set, sets).map((other) => ({
        grade: 'proven',
        subject: subjectOf('persistentvolumeclaim', claim),
        message: `${claim.metadata.name} is the name of a PVC of StatefulSet ${other.metadata.name} too`,
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

/** Those that make a name like one of these, whatever the ordinal: in a namespace of a thousand sets that is one. */
function claimantsAmong(sets: readonly StatefulSet[], claims: readonly SetClaim[]): readonly StatefulSet[] {
  const index = INDEXES.get(sets) ?? indexed(sets);
  return [...new Set(claims.flatMap(({ claim }) => index.get(claim.metadata.name.replace(/-\d+$/, '')) ?? []))];
}

/** Sets by the names of their PVCs without the ordinal: made once of a list, which many looks share. */
const INDEXES = new WeakMap<readonly StatefulSet[], ReadonlyMap<string, readonly StatefulSet[]>>();

function indexed(sets: readonly StatefulSet[]): ReadonlyMap<string, readonly StatefulSet[]> {
  const named = sets.flatMap((set) =>
    (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => [`${metadata.name}-${set.metadata.name}`, set] as const),
  );
  const index = new Map([...Map.groupBy(named, ([name]) => name)].map(([name, those]) => [name, those.map(([, set]) => set)]));
  INDEXES.set(sets, index);
  return index;
}
