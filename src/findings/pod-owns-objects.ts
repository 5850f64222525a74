import { type Dependent, dependentInWords, isEphemeralVolume } from '../domain/dependents.ts';
import type { Check } from './check.ts';
import { count, kubectl, mergePatch, names, seen, subjectOf } from './draft.ts';
import { removedWith } from './removed-with.ts';

/**
 * A Pod that leaves owns objects: the garbage collector deletes them with it, and what they own (StatefulSets that
 * LeaderWorkerSet makes for each leader Pod, with their Pods and, under whenDeleted: Delete, their PVCs). Generic ephemeral
 * volumes have a check of their own: they are meant to go.
 */
export const podOwnsObjects: Check = {
  id: 'pod-owns-objects',
  title: 'Objects would be deleted with the Pod that owns them',
  meaning:
    'Objects whose owner is a Pod that leaves are deleted by the garbage collector as soon as the Pod is gone, and so is what they own: StatefulSets that an operator such as LeaderWorkerSet makes for each Pod, with all of their Pods at once, and their PVCs where whenDeleted is Delete. No saved manifest holds them, so restore cannot bring them back. StatefulSets, Deployments, Jobs, Pods, PVCs, Services, ConfigMaps and Secrets are searched.',
  remedy: 'Scale or delete the resource that they come from. To keep a PVC, remove its owner reference first.',
  source: 'pkg/controller/garbagecollector (attemptToDeleteItem); kubernetes-sigs/lws#804',
  override: 'allow',
  needs: ['set', 'pods', 'sets', 'claims', 'services', 'configMaps', 'secrets', 'jobs', 'deployments'],
  run(snapshot, intent) {
    const removed = removedWith(snapshot, intent).filter((one) => !isEphemeralVolume(one));
    const [first] = removed;
    if (first === undefined) return [];
    const { kind, name } = first.owner;
    const why =
      removed.length === 1 ? `with ${kind} ${name}, which owns it` : 'because removed Pods own them, directly or through other objects';
    return [
      {
        grade: removed.some(({ keepers }) => keepers.length === 0) ? 'proven' : 'likely',
        subject: subjectOf('statefulset', intent.set),
        message: `${count(removed.length, 'object')} would be deleted ${why}: ${names(removed.map(dependentInWords))}`,
        evidence: removed.map(evidenceOf),
        remedies: [...new Map(removed.flatMap(remedyOf).map((remedy) => [remedy.args.join(' '), remedy])).values()],
      },
    ];
  },
};

function evidenceOf({ kind, name, owner, keepers }: Dependent) {
  return seen(`${kind}/${name}`, 'metadata.ownerReferences[]', [owner, ...keepers].map((one) => `${one.kind}/${one.name}`).join(', '));
}

/** What keeps a PVC; whoever made the other objects makes them again. An inner StatefulSet puts its reference back by its policy. */
function remedyOf({ kind, name, uid, owner }: Dependent) {
  if (kind !== 'persistentvolumeclaim') return [];
  if (owner.kind === 'StatefulSet') return [mergePatch('statefulset', owner.name, RETAIN, 'keeps the PVCs of that StatefulSet')];
  const ops = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'remove', path: '/metadata/ownerReferences' },
  ];
  return [kubectl('patch', [kind, name, '--type', 'json', '-p', JSON.stringify(ops)], 'keeps the PVC')];
}

const RETAIN = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } } };
