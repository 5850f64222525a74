import { pathInWords } from '../domain/spec-difference.ts';
import type { Check } from './check.ts';
import { kubectl, names, seen, subjectOf } from './draft.ts';

/** A manifest whose Pod template is rolled out says other things, too, which a rollout leaves as they are. */
export const manifestNotApplied: Check = {
  id: 'manifest-not-applied',
  title: 'The manifest also differs outside of the Pod template',
  meaning:
    'A rollout takes the Pod template of the manifest and nothing else. Other fields of its spec are not as in the cluster, and stay as they are there: a change of replicas or of the retention policy has other consequences than a rollout, and most of the rest cannot be changed at all.',
  remedy: 'Scale with scale, and apply the rest once the rollout is complete.',
  source: 'pkg/apis/apps/validation (ValidateStatefulSetUpdate)',
  override: 'allow',
  needs: [],
  run(_, { set, rollsOut }) {
    const others = rollsOut?.others ?? [];
    if (others.length === 0) return [];
    const { name } = set.metadata;
    const paths = others.map(({ path }) => pathInWords(path));
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the manifest also differs in ${names(paths)}, which the rollout does not change`,
        evidence: others.map(({ path, is }) =>
          seen(`statefulset/${name}`, pathInWords(path), typeof is === 'object' ? 'another value' : (is as string | number | undefined)),
        ),
        remedies: [kubectl('get', ['statefulset', name, '-o', 'yaml'], 'shows it as it is')],
      },
    ];
  },
};
