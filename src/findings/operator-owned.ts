import { controllersOf } from '../domain/dependents.ts';
import type { Remedy } from '../domain/finding.ts';
import type { OwnerReference } from '../domain/kube.ts';
import type { Check, OfSet } from './check.ts';
import { kubectl, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * Something else controls this set: an operator reconciles it from a custom resource and undoes what we do. The controllers
 * are followed to the last: an inner set is a Pod's, which is a StatefulSet's, and only there it can be changed.
 */
export const operatorOwned: Check<OfSet> = {
  id: 'operator-owned',
  title: 'An operator controls the set',
  meaning:
    'The set has a controlling owner: a custom resource from which an operator makes and keeps it. The operator undoes the change, or reacts to it in ways of its own, for it knows things about the members that the set does not say.',
  remedy: 'Make the change in the custom resource.',
  source: 'ownerReferences with controller: true',
  override: 'allow',
  needs: ['set', 'pods', 'sets'],
  // A Pod that controls a set is seldom one of its members.
  further: {
    slices: ['podMetadata'],
    wanted: (snapshot, { set }) => (controllersOf(set, snapshot).at(-1)?.kind === 'Pod' ? ['podMetadata'] : []),
  },
  run(snapshot, { set, operation }) {
    const chain = controllersOf(set, snapshot);
    const [owner] = chain;
    const root = chain.at(-1);
    if (owner === undefined || root === undefined) return [];
    const { name } = set.metadata;
    const of = root === owner ? '' : ` (which ${root.kind} ${root.name} controls)`;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${owner.kind} ${owner.name}${of} controls ${name}: its operator would undo ${operation === undefined ? 'changes or react to them' : 'the change or react to it'}`,
        evidence: chain.map((controller, at) => {
          const of = chain[at - 1];
          const object = of === undefined ? `statefulset/${name}` : `${of.kind.toLowerCase()}/${of.name}`;
          return seen(object, 'metadata.ownerReferences[controller]', `${controller.apiVersion} ${controller.kind}/${controller.name}`);
        }),
        remedies: [remedyAt(root)],
      },
    ];
  },
};

/** Where the root can be changed: a StatefulSet by commands of its own, a Pod by whoever made it, anything else in its manifest. */
function remedyAt({ apiVersion, kind, name }: OwnerReference): Remedy {
  if (kind === 'StatefulSet' && apiVersion === 'apps/v1')
    return operationToRun('status', name, {}, 'the StatefulSet to scale or delete instead');
  const resource = resourceOf(apiVersion, kind);
  if (resource === 'pod') return kubectl('describe', [resource, name], 'no controller made this Pod: see who did');
  return kubectl('edit', [resource, name], 'change it there');
}

/** kubectl takes KIND.VERSION.GROUP whatever the plural is. */
function resourceOf(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${version}.${group}`;
}
