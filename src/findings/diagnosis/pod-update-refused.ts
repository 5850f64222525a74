import type { CoreEvent, Pod, StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { RECENT_MS, timeOf } from '../../domain/uncreatable.ts';
import { known, kubectl, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';

/**
 * Signature 26: the template has a claim that the Pod, which was adopted, has no volume for. Before each look at a Pod the controller
 * brings its identity and its volumes up to date, and nobody may change the volumes of a Pod (#141876).
 */
export const podUpdateRefused: Diagnosis = {
  id: 'pod-update-refused',
  title: 'The controller cannot update a Pod',
  meaning:
    'The controller tries to add to a running Pod what the StatefulSet says of it, and the API server refuses: volumes of a Pod cannot be changed. This is so when a StatefulSet with an additional volumeClaimTemplate has adopted Pods that another one created. The controller tries again and again, and does nothing else with the StatefulSet.',
  remedy:
    'Delete the Pod: the controller creates it again, with the volume. If the volumeClaimTemplate is a mistake, create the StatefulSet again without it.',
  source: 'pkg/controller/statefulset/stateful_pod_control.go (UpdateStatefulPod, FailedUpdate); #141876',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) =>
    membersOf(set, known(snapshot, 'pods') ?? []).flatMap(({ pod, name }) => {
      const lacking = pod === undefined ? [] : volumesLacking(set, pod);
      const event = refusalOf(name, set, snapshot);
      if (pod === undefined || lacking.length === 0 || event === undefined) return [];
      const volumes = `${lacking.length === 1 ? 'volume' : 'volumes'} ${names(lacking)}`;
      const why = brief(event.message?.split('failed error: ')[1] ?? '', 100);
      return [
        {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `the controller cannot add ${volumes} to Pod ${name}, since a running Pod cannot be changed so: it does nothing else with ${set.metadata.name}`,
          evidence: [
            seen(`pod/${name}`, 'spec.volumes[].name', (pod.spec.volumes ?? []).map((volume) => volume.name).join(', ')),
            seen(`statefulset/${set.metadata.name}`, 'event[FailedUpdate]', why),
          ],
          remedies: [
            kubectl('delete', ['pod', name], 'the controller creates it again, with all volumes of the template'),
            kubectl('get', ['pod', name, '-o', 'yaml'], 'the volumes that it has'),
          ],
          pods: [name],
        },
      ];
    }),
  ),
};

/** Volumes of the template that the Pod does not have. */
function volumesLacking({ spec }: StatefulSet, pod: Pod): readonly string[] {
  const there = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
  return (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name).filter((name) => !there.has(name));
}

/** Its last one, if the controller still gets it: other refusals (a conflict) pass by themselves. */
function refusalOf(name: string, { metadata }: StatefulSet, snapshot: Snapshot): CoreEvent | undefined {
  return (known(snapshot, 'events') ?? [])
    .filter(({ reason, involvedObject }) => reason === 'FailedUpdate' && involvedObject.name === metadata.name)
    .filter(({ message = '' }) => message.includes(`Pod ${name} in StatefulSet`) && message.includes('may not change fields'))
    .find((event) => snapshot.now - timeOf(event) < RECENT_MS);
}
