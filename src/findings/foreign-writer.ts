import { roughAge } from '../domain/rough-age.ts';
import type { Check, OfSet } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';
import { fieldsOf } from './managed-fields.ts';

/** A fight shows within minutes; what was written earlier is history. */
const RECENT_MS = 10 * 60 * 1000;

/**
 * Somebody other than a person with kubectl, us, the controllers, or an actor that has a finding of its own wrote
 * spec.replicas or the template a moment ago: likely a program that will do it again.
 */
export const foreignWriter: Check<OfSet> = {
  id: 'foreign-writer',
  title: 'A program wrote the same fields a moment ago',
  meaning:
    'Within the last ten minutes something that is neither kubectl nor a known controller wrote the set and owns its replicas, its template or its partition. Whatever it is, it is likely to do so again.',
  remedy: 'Find out who it is, and pause it.',
  source: 'metadata.managedFields (server-side apply)',
  override: 'allow',
  needs: ['set'],
  run({ now }, { set }) {
    const created = Date.parse(set.metadata.creationTimestamp ?? '');
    return (set.metadata.managedFields ?? [])
      .map((entry) => ({ entry, fields: fieldsOf(entry), at: Date.parse(entry.time ?? '') }))
      .filter(({ entry, fields, at }) => fields.length > 0 && !isUsual(entry.manager ?? '') && now - at < RECENT_MS && at !== created)
      .map(({ entry, fields, at }) => ({
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `${entry.manager ?? 'an unnamed program'} wrote ${fields.join(' and ')} of ${set.metadata.name} ${roughAge(now - at)} ago and may do so again`,
        evidence: [
          seen(`statefulset/${set.metadata.name}`, `metadata.managedFields[${entry.manager ?? ''}].time`, entry.time),
          seen(`statefulset/${set.metadata.name}`, `metadata.managedFields[${entry.manager ?? ''}].fieldsV1`, fields.join(', ')),
        ],
        remedies: [kubectl('get', ['statefulset', set.metadata.name, '-o', 'yaml', '--show-managed-fields'], 'who owns which field')],
      }));
  },
};

/** kubectl's own managers all begin with its name, and so does ours. */
const USUAL = /^(kubectl|kube-controller-manager$|argocd-controller$|kustomize-controller$|helm-controller$|helm$|Helm$|keda)/;

function isUsual(manager: string): boolean {
  return USUAL.test(manager);
}
