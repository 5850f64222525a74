import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** Something else controls this set: an operator reconciles it from a custom resource and undoes what we do. */
export const operatorOwned: Check = {
  id: 'operator-owned',
  needs: ['set'],
  run(_snapshot, { set }) {
    return (set.metadata.ownerReferences ?? [])
      .filter((owner) => owner.controller === true)
      .map((owner) => ({
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${owner.kind} ${owner.name} controls ${set.metadata.name}: its operator would undo the change or react to it`,
        evidence: [
          seen(
            `statefulset/${set.metadata.name}`,
            'metadata.ownerReferences[controller]',
            `${owner.apiVersion} ${owner.kind}/${owner.name}`,
          ),
        ],
        remedies: [kubectl('edit', [resourceOf(owner.apiVersion, owner.kind), owner.name], 'change it there')],
      }));
  },
};

/** kubectl takes KIND.VERSION.GROUP whatever the plural is. */
function resourceOf(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${version}.${group}`;
}
