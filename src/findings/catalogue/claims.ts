import type { CatalogueEntry } from './entry.ts';

/** About claims and what is on them. */
export const CLAIMS: readonly CatalogueEntry[] = [
  {
    id: 'claims-deleted-on-scale-down',
    title: 'Claims would be deleted with the members that leave',
    meaning:
      'With whenScaled: Delete the controller makes the Pod the owner of its claims right before it deletes it, and the garbage collector takes the claims; dynamically provisioned volumes are then destroyed. A claim that a Pod owns already goes the same way whatever the policy says now.',
    remedy: 'Set whenScaled to Retain while the members still run: only then does the controller take its references off.',
    source: 'KEP-1847; pkg/controller/statefulset/stateful_set_utils.go (isClaimOwnerUpToDate)',
    override: 'allow',
  },
  {
    id: 'claim-not-safe',
    title: 'A claim of the set is going or lost',
    meaning:
      'A claim that is being deleted lives only as long as a Pod uses it: stopping the member destroys it, and with reclaim policy Delete the data. A Lost claim has no volume any more.',
    remedy: 'A deletion cannot be taken back, but the volume can be kept: set its reclaim policy to Retain, now.',
    source: 'kubernetes.io/pvc-protection; pkg/controller/volume/pvcprotection',
    override: 'allow',
  },
  {
    id: 'claim-in-use',
    title: 'A claim that is to be deleted is mounted by another Pod',
    meaning:
      'With --delete-claims: a Pod that is no member mounts the claim, running, ended or terminating. The deletion would wait until that Pod is gone, and then destroy what it works on.',
    remedy: 'Let that Pod end, and delete it; then the claim is nobody’s but the set’s.',
    source: 'kubernetes.io/pvc-protection; pkg/controller/volume/pvcprotection',
    override: 'never',
  },
  {
    id: 'pvc-finalizer',
    title: 'A PVC that is to be deleted has finalizers',
    meaning:
      'With --delete-claims: the PVC remains, and its data with it, until the owner of the finalizer removes it (kubernetes.io/pvc-protection is Kubernetes’ own and does not count). All other PVCs are deleted. The operation waits for 5 s after the last change, then it stops and can be resumed.',
    remedy: 'See that the owner of the finalizer runs. Removing a finalizer by hand skips whatever it was there for.',
    source: 'kubernetes.io: Finalizers',
    override: 'allow',
  },
  {
    id: 'claim-shared',
    title: 'Another set has the same claim',
    meaning:
      'Claims are named TEMPLATE-SET-ORDINAL, and that can be read in two ways: template data of set a-web and template data-a of set web both make data-a-web-0. Both sets use one claim, and nobody can say to whom its data belongs.',
    remedy: 'Separate them: copy the data, and re-create one of the sets under another name.',
    source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
    override: 'never',
  },
  {
    id: 'claim-terminating',
    title: 'A claim that a new member needs is being deleted',
    meaning:
      'The controller cannot create the Pod on it ("pvc … is being deleted"). Once the claim is gone the controller makes a new one, and the member comes up empty.',
    remedy: 'If the data matters, set the volume to Retain now and bind it again under that name. Otherwise wait until the claim is gone.',
    source: '#74374; pkg/controller/statefulset/stateful_pod_control.go (createPersistentVolumeClaims)',
    override: 'allow',
  },
  {
    id: 'claim-lost',
    title: 'A claim that a new member needs has lost its volume',
    meaning:
      'The claim is bound to a volume that does not exist any more. The Pod is created and waits for ever, and in an ordered set everybody above it too.',
    remedy: 'Bring the volume back from its snapshot or its backend, or remove the claim and let the member start empty.',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go (ClaimLost)',
    override: 'never',
  },
  {
    id: 'claim-missing',
    title: 'A claim that the archive promises is gone',
    meaning:
      'It was there when the archive was written. The restored member would get a new, empty one: many databases then join as new members, or take the emptiness for the truth.',
    remedy: 'If its volume is still there (Released, retained), bind it to a claim of that name first.',
    source: 'the archive’s list of claims',
    override: 'allow',
  },
  {
    id: 'archive-only-in-file',
    title: 'The archive is kept in a file alone',
    meaning:
      'You may not write Secrets, so the file of --save-to is all that is kept of the set. A restore keeps its record in a Secret: it takes somebody who may write those, and the file.',
    remedy: 'Make sure that there is somebody, and that the file is kept.',
    source: 'operate/prepare.ts; SelfSubjectAccessReview',
    override: 'allow',
  },
  {
    id: 'claim-replaced',
    title: 'A claim is not the one that was archived',
    meaning: 'It has the same name and another UID: it was deleted and made again since, so what is on it is not what the member left.',
    remedy: 'Look at both volumes, and bind the right one.',
    source: 'the archive’s list of claims',
    override: 'allow',
  },
  {
    id: 'stale-claims-reattached',
    title: 'New members get old data',
    meaning:
      'Claims that earlier members left are re-attached. They hold what was on them when they were left, days or years ago; a member that comes up with such a state may bring deleted records back, or be refused by its cluster.',
    remedy: 'Make sure that your software brings old replicas up to date. If not, put the old claims away before you scale up.',
    source: '#55045; KEP-5541 (condition Unused, alpha in 1.36)',
    override: 'allow',
  },
];
