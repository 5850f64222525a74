import type { Claim, ClaimTemplate, StatefulSet } from '../domain/kube.ts';
import { claimName, claimPlace, memberName } from '../domain/naming.ts';
import { isSmaller, requestOf } from '../domain/sizes.ts';
import type { Check, Intent } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/** volumeClaimTemplates cannot be changed: what was expanded by hand is not known to them, and the next new PVC has the old size. */
export const claimTemplateDiffers: Check = {
  id: 'claim-template-differs',
  title: 'New PVCs will be smaller than the existing ones',
  meaning:
    'Existing PVCs have been expanded, or are about to be. The volumeClaimTemplate of the StatefulSet still has the old size, and the API does not allow to change it: a Pod that is created for a new ordinal gets a PVC of the old size.',
  remedy: 'After each scale-up, run pvc resize again. To change the template, the StatefulSet has to be created again around its Pods.',
  source: 'pkg/apis/apps/validation (ValidateStatefulSetUpdate); #68737',
  override: 'allow',
  needs: ['set', 'claims'],
  run(snapshot, { set, arriving, expands = [] }) {
    const claims = known(snapshot, 'claims') ?? [];
    return (set.spec.volumeClaimTemplates ?? []).flatMap((template) => {
      const size = largest(template, set, claims, expands);
      const own = requestOf(template) ?? '0';
      if (!isSmaller(own, size)) return [];
      const fresh = arriving.filter((ordinal) => !claims.some(({ metadata }) => metadata.name === claimName(template, set, ordinal)));
      if (expands.length === 0 && fresh.length === 0) return [];
      const { name } = set.metadata;
      return [
        {
          grade: 'proven',
          subject: subjectOf('statefulset', set),
          message:
            fresh.length === 0
              ? `new PVCs of template ${template.metadata.name} will still have ${own}, and not ${size}`
              : `new PVCs of template ${template.metadata.name} (of ${memberName(name, fresh[0] ?? 0)}${fresh.length > 1 ? ', …' : ''}) will have ${own}; existing ones have ${size}`,
          evidence: [
            seen(`statefulset/${name}`, `spec.volumeClaimTemplates[${template.metadata.name}].spec.resources.requests.storage`, own),
          ],
          remedies: [],
        },
      ];
    });
  },
};

/** The largest size that a PVC of this template requests, or is about to. */
function largest(template: ClaimTemplate, set: StatefulSet, claims: readonly Claim[], expands: NonNullable<Intent['expands']>): string {
  const isOf = ({ metadata: { name } }: Claim): boolean => claimPlace(set, name)?.template === template.metadata.name;
  const sizes = [
    ...claims.filter(isOf).map((claim) => requestOf(claim) ?? '0'),
    ...expands.filter(({ claim }) => isOf(claim)).map(({ size }) => size),
  ];
  return sizes.reduce((most, size) => (isSmaller(most, size) ? size : most), '0');
}
