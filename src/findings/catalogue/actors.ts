import type { CatalogueEntry } from './entry.ts';

/** About others who change the set. */
export const ACTORS: readonly CatalogueEntry[] = [
  {
    id: 'hpa-targets-set',
    title: 'A HorizontalPodAutoscaler drives the set',
    meaning:
      'It writes its own number of replicas every few seconds, so members come back while others are being removed. Setting both directions of its behavior to Disabled is not enough: it still raises to minReplicas and lowers to maxReplicas. It rests only at 0 members, and not even there with minReplicas 0.',
    remedy: 'Note what it has now, set minReplicas to 1 and both selectPolicies to Disabled, and put it back afterwards.',
    source: 'pkg/controller/podautoscaler/horizontal.go (reconcileAutoscaler); seen on 1.36',
    override: 'allow',
  },
  {
    id: 'keda-targets-set',
    title: 'KEDA drives the set',
    meaning:
      'A ScaledObject, or an HPA that KEDA made, scales this set by its triggers. Unlike a plain HPA it does not rest at 0 members: it wakes the set from there. An HPA of KEDA’s is not the one to change, KEDA puts it back. paused-replicas pauses at its own number, and scales there first.',
    remedy: 'Annotate the ScaledObject with autoscaling.keda.sh/paused=true, and take that off afterwards.',
    source: 'KEDA documentation, "Pausing autoscaling"',
    override: 'allow',
  },
  {
    id: 'autoscaler-would-wake',
    title: 'An autoscaler wakes with the restored set',
    meaning:
      'An HPA or a ScaledObject still names this set. It idles while there is none; with the first member (KEDA: at once) it sets its own number, whatever the archive says.',
    remedy: 'Pause it until the members are up, if the archived number matters.',
    source: 'pkg/controller/podautoscaler/horizontal.go; KEDA documentation',
    override: 'allow',
  },
  {
    id: 'operator-owned',
    title: 'An operator controls the set',
    meaning:
      'The set has a controlling owner: a custom resource from which an operator makes and keeps it. The operator undoes the change, or reacts to it in ways of its own, for it knows things about the members that the set does not say.',
    remedy: 'Make the change in the custom resource.',
    source: 'ownerReferences with controller: true',
    override: 'allow',
  },
  {
    id: 'gitops-managed',
    title: 'Argo CD, Flux or Helm manages the set',
    meaning:
      'The set bears the marks of a program that keeps it as a repository or a chart says: Argo CD and Flux put their values back by themselves, or create a deleted set again; Helm does so at the next upgrade. The label app.kubernetes.io/instance alone may be any chart’s, so it only makes it likely.',
    remedy: 'Make the change where the manifest comes from, or pause that program for the time (skip-reconcile, suspend).',
    source: 'Argo CD: resource tracking, skip-reconcile; Flux: Kustomization and HelmRelease, suspend; Helm: labels and annotations',
    override: 'allow',
  },
  {
    id: 'foreign-writer',
    title: 'A program wrote the same fields a moment ago',
    meaning:
      'Within the last ten minutes something that is neither kubectl nor a known controller wrote the set and owns its replicas, its template or its partition. Whatever it is, it is likely to do so again.',
    remedy: 'Find out who it is, and pause it.',
    source: 'metadata.managedFields (server-side apply)',
    override: 'allow',
  },
  {
    id: 'replicas-applied',
    title: 'Somebody applies the number of members',
    meaning:
      'The number of replicas is in a manifest that is applied on the server’s side (kubectl apply --server-side, Helm 4, Flux). Scaling makes kubectl-sts-safe the owner of that field: a later apply of another number is refused by the server as a conflict, and one of the same number shares the field. So it is while a deletion is open; cancel and restore give the field back.',
    remedy: 'Change the number in the manifest too; or leave it out there.',
    source: 'metadata.managedFields (server-side apply)',
    override: 'allow',
  },
  {
    id: 'replicas-changed',
    title: 'Somebody changed the number of members of a held operation',
    meaning:
      'An operation was stopped half-way, and the set does not have the replicas any more at which it was left: a manifest was applied, an autoscaler or a person scaled. The record says from where to go on, and that is not where the set is. cancel puts back what was there before the operation, over the other’s number.',
    remedy: 'Ask who it was, and cancel; then begin anew on what is there.',
    source: 'the record’s cursor against spec.replicas',
    override: 'never',
  },
  {
    id: 'archive-outdated',
    title: 'The set was changed since it was archived',
    meaning:
      'A deletion that goes on keeps the archive that it began with. Meanwhile the set was changed, mostly its template, by a person, a program, or a webhook that rewrites what is sent: what would be deleted is not what a restore would bring back.',
    remedy: 'Cancel and begin anew, with a fresh archive. If the older manifest will do, allow it.',
    source: 'spec of the set against the archive’s',
    override: 'allow',
  },
  {
    id: 'other-operation',
    title: 'Another operation of ours is open on the set',
    meaning:
      'Somebody began an operation that is not finished: its record is on the set, or on the index Secret while there is no set. Two operators on one set would undo each other’s steps. A record that cannot be read is treated the same: nobody knows what it promises.',
    remedy:
      'Go on with it by typing the same command, or go back with cancel. While its holder is alive, ask them; one that has been silent for 40 s can be taken over.',
    source: 'the record in annotation sts-safe.dev/operation',
    override: 'never',
  },
  {
    id: 'namespace-terminating',
    title: 'The namespace is being deleted',
    meaning:
      'A namespace with a deletionTimestamp is emptied by its controller: Pods, PVCs and StatefulSets are deleted, and so are the Secrets with the saved manifests. Nothing can be created in it again, so a restore is impossible there. A PV is destroyed with its PVC unless its reclaim policy is Retain.',
    remedy:
      'Set the PVs to Retain now, with the commands that the finding prints; they outlive the namespace. Save the manifest elsewhere (kubectl get statefulset NAME -o yaml), then recreate the namespace and bind new PVCs to these PVs.',
    source: 'pkg/controller/namespace/deletion/namespaced_resources_deleter.go',
    override: 'never',
  },
];
