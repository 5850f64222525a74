import { claimsUsedBy } from '../../domain/claims.ts';
import { conditionOf } from '../../domain/readiness.ts';
import { known, kubectl, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady, schedulerWords } from './pods.ts';

const CONFLICT = /volume node affinity conflict|node\(s\) didn't match PersistentVolume's node affinity/;

/** Signature 17: the volume can only be used from a node or a zone where the Pod cannot run. */
export const volumeNodeConflict: Diagnosis = {
  id: 'volume-node-conflict',
  title: 'The volume of a Pod is bound to nodes that cannot take the Pod',
  meaning:
    'The PersistentVolume can be used from one node or zone only, and no node there can take the Pod: it is cordoned, full, lost, or was replaced under another name. A local volume is lost with its node. The Pod waits until a suitable node is back.',
  remedy:
    'Bring back or uncordon a node where the volume can be used. If the data is lost with its node, let the Pod start on a new volume and copy the data from its peers.',
  source: 'kubernetes.io: Persistent Volumes (Node Affinity); pkg/scheduler/framework/plugins/volumebinding',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const { name } = pod.metadata;
      const scheduled = conditionOf(pod, 'PodScheduled');
      if (scheduled?.status !== 'False' || !CONFLICT.test(scheduled.message ?? '')) return [];
      const claims = claimsUsedBy(pod);
      const volumes = (known(snapshot, 'claims') ?? [])
        .filter(({ metadata }) => claims.includes(metadata.name))
        .flatMap(({ spec }) => spec.volumeName ?? []);
      const which = volumes.length === 0 ? '' : ` ${names(volumes)}`;
      return [
        {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `Pod ${name} can only run where its volume${which} can be used, and no node there can take it: ${schedulerWords(scheduled)}`,
          evidence: [seen(`pod/${name}`, 'status.conditions[PodScheduled].message', brief(scheduled.message ?? '', 300))],
          remedies: [
            kubectl('get', ['nodes', '-L', 'topology.kubernetes.io/zone'], 'which nodes there are, and in which zones'),
            ...volumes.map((volume) => kubectl('get', ['persistentvolume', volume, '-o', 'yaml'], 'from which nodes it can be used')),
          ],
          pods: [name],
        },
      ];
    }),
  ),
};
