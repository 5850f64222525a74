import type { StatefulSet } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { revisionOf, templateIn } from '../domain/revisions.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { type Difference, differencesInWords, patchBack, templateDifferences } from '../domain/spec-difference.ts';
import type { Archive } from '../domain/stored.ts';
import type { Check } from './check.ts';
import { known, kubectl, names, seen, subjectOf } from './draft.ts';

/**
 * Pods to be adopted are not of the template that the set will have, whoever changed it: the saved manifest is older, or the
 * server or a webhook has added to it. As soon as the partition is lifted the controller replaces them, highest first.
 */
export const adoptedPodsRestart: Check = {
  id: 'adopted-pods-restart',
  title: 'Adopted Pods would be restarted',
  meaning:
    'The Pods were made from another template than the one that the StatefulSet will have: the saved manifest is older or newer than what runs, or the API server, a webhook or an admission policy added something to it. The controller replaces such Pods, highest ordinal first, as soon as the partition is lifted, also if that is a downgrade.',
  remedy:
    'Restore from the saved manifest that the Pods were made from. Where the StatefulSet has been created already and is held by its partition, change its template back with kubectl and run the same command again.',
  source:
    'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet); pkg/controller/statefulset/stateful_set_utils.go (getPodRevision)',
  override: 'allow',
  needs: ['pods'],
  run(snapshot, { set, archive, restarting }) {
    if (restarting === undefined || archive === undefined) return [];
    const { ordinals, revision } = restarting;
    const named = podsNamedAfter(set.metadata.name, known(snapshot, 'pods') ?? []);
    const pods = ordinals.flatMap((ordinal) => named.get(ordinal) ?? []);
    const [first] = pods;
    if (first === undefined) return [];
    const { differences, live } = templatesOf(snapshot, archive, revisionOf(first));
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${names(pods.map(({ metadata }) => metadata.name))} would be restarted, because ${live === undefined ? `saved manifest ${archive.name}` : 'the StatefulSet'} is of another revision, ${revision}${differences.length === 0 ? '' : `; it differs in ${differencesInWords(differences)}`}`,
        evidence: pods.map((pod) => seen(`pod/${pod.metadata.name}`, 'metadata.labels[controller-revision-hash]', revisionOf(pod))),
        remedies: live === undefined || differences.length === 0 ? [] : [asTheyWereMade(live, differences)],
      },
    ];
  },
};

interface Templates {
  /** From the template that the Pods were made from to the one that the set will have; none where the first is not known. */
  readonly differences: readonly Difference[];
  /** The set, where it has been created already: then its template is the one that counts, and can be changed. */
  readonly live?: StatefulSet;
}

function templatesOf(snapshot: Snapshot, { manifest }: Archive, revision: string | undefined): Templates {
  const saved = manifest as unknown as StatefulSet;
  const set = sliceOf(snapshot, 'set');
  const live = set.state === 'read' ? { live: set.value } : {};
  const made = saved.status.updateRevision === revision ? saved.spec.template : madeFrom(snapshot, revision);
  const next = set.state === 'read' ? set.value.spec.template : saved.spec.template;
  return { ...live, differences: made === undefined ? [] : templateDifferences(made, next) };
}

function madeFrom(snapshot: Snapshot, revision: string | undefined): object | undefined {
  const found = known(snapshot, 'revisions')?.find(({ metadata }) => metadata.name === revision);
  return found === undefined ? undefined : templateIn(found);
}

function asTheyWereMade({ metadata: { name, uid } }: StatefulSet, differences: readonly Difference[]) {
  const ops = [{ op: 'test', path: '/metadata/uid', value: uid }, ...patchBack(differences)];
  return kubectl('patch', ['statefulset', name, '--type', 'json', '-p', JSON.stringify(ops)], 'the template that the Pods were made from');
}
