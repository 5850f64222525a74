import { claimsOf } from '../domain/claims.ts';
import type { Remedy } from '../domain/finding.ts';
import type { Namespace, StatefulSet } from '../domain/kube.ts';
import { terminatingNamespace } from '../domain/namespace.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { kubectl, mergePatch, seen, subjectOf } from './draft.ts';

/**
 * The set's namespace has a deletionTimestamp: the namespace controller deletes everything in it, the Secrets with the
 * saved manifests too, and the API server admits no new object there. Only what belongs to no namespace stays: PVs whose
 * reclaim policy is Retain.
 */
export const namespaceTerminating: Check<OfSet> = {
  id: 'namespace-terminating',
  title: 'The namespace is being deleted',
  meaning:
    'A namespace with a deletionTimestamp is emptied by its controller: Pods, PVCs and StatefulSets are deleted, and so are the Secrets with the saved manifests. Nothing can be created in it again, so a restore is impossible there. A PV is destroyed with its PVC unless its reclaim policy is Retain.',
  remedy:
    'Set the PVs to Retain now, with the commands that the finding prints; they outlive the namespace. Save the manifest elsewhere (kubectl get statefulset NAME -o yaml), then recreate the namespace and bind new PVCs to these PVs.',
  source: 'pkg/controller/namespace/deletion/namespaced_resources_deleter.go',
  override: 'never',
  needs: ['namespace'],
  run(snapshot, { set }) {
    const namespace = terminatingNamespace(snapshot);
    return namespace === undefined ? [] : [endOfNamespace(namespace, threatenedVolumes(set, snapshot))];
  },
};

/** @param volumes names of the PVs that are destroyed with their PVCs, as far as that can be known */
export function endOfNamespace(namespace: Namespace, volumes: readonly string[]): Draft {
  const { name, deletionTimestamp } = namespace.metadata;
  const object = `namespace/${name}`;
  return {
    grade: 'proven',
    subject: subjectOf('namespace', namespace),
    message: `namespace ${name} is Terminating: everything in it will be destroyed, PVCs and saved manifests included; only PVs with reclaim policy Retain keep their data`,
    evidence: [seen(object, 'status.phase', namespace.status?.phase), seen(object, 'metadata.deletionTimestamp', deletionTimestamp)],
    remedies: [
      ...volumes.map(retain),
      kubectl('get', ['namespace', name, '-o', 'yaml'], 'shows what the deletion of the namespace waits for'),
    ],
  };
}

function retain(volume: string): Remedy {
  const spec = { persistentVolumeReclaimPolicy: 'Retain' };
  return mergePatch('pv', volume, { spec }, 'keep the data: set the PVs to Retain before their PVCs are deleted');
}

/** The set's PVs that are not known to be retained. */
function threatenedVolumes(set: StatefulSet, snapshot: Snapshot): readonly string[] {
  const retained = new Set(
    listOf(snapshot, 'volumes').flatMap(({ metadata, spec }) => (spec.persistentVolumeReclaimPolicy === 'Retain' ? [metadata.name] : [])),
  );
  const claims = claimsOf(set, listOf(snapshot, 'pods'), listOf(snapshot, 'claims'));
  return claims.flatMap(({ claim: { spec } }) => (spec.volumeName === undefined || retained.has(spec.volumeName) ? [] : [spec.volumeName]));
}
