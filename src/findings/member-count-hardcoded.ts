import { type Hardcoded, hardcodedMembers } from '../domain/hardcoded.ts';
import type { Check, Draft, Intent } from './check.ts';
import { count, kubectl, names, seen, subjectOf } from './draft.ts';
import { beforeOf, targetOf } from './members.ts';

/**
 * The template says how many members there are, or lists them. With another number the members disagree about their
 * quorum, or the new ones are never let in.
 */
export const memberCountHardcoded: Check = {
  id: 'member-count-hardcoded',
  title: 'The template repeats the number of members',
  meaning:
    'An environment variable, a flag or a list in the template says how many members there are, or who. Afterwards it is wrong: members disagree about their quorum, or new ones are never let in. It is recognised by telling names (ZK_REPLICAS, --servers, --initial-cluster), so it is only likely.',
  remedy: 'Change it together with the number, in the order that your software asks for; it starts a rollout.',
  source: 'field experience: ZooKeeper, etcd, Consul tutorials',
  override: 'allow',
  needs: ['set'],
  run(_snapshot, intent) {
    const { set, staying, leaving } = intent;
    if (beforeOf(intent) === targetOf(intent)) return [];
    const found = hardcodedMembers(set.spec.template.spec, set.metadata.name, [...staying, ...leaving]);
    if (found.length === 0) return [];
    const places = names(found.map(({ container, text }) => `${text} in ${container}`));
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `the template of ${set.metadata.name} still says ${count(beforeOf(intent), 'member')} when there are ${targetOf(intent)}: ${places}`,
        evidence: found.map(({ container, place, text }) =>
          seen(`statefulset/${set.metadata.name}`, `spec.template.spec.containers[${container}].${place}`, text),
        ),
        remedies: remediesFor(found, intent),
      },
    ];
  },
};

/** A count in a variable can be set; anything else wants an editor. Both start a rollout. */
function remediesFor(found: readonly Hardcoded[], intent: Intent): Draft['remedies'] {
  const set = `statefulset/${intent.set.metadata.name}`;
  const why = 'this starts a rollout: do it before or after, not in the meantime';
  const variables = found.flatMap(({ container, variable }) =>
    variable === undefined ? [] : [kubectl('set', ['env', set, '-c', container, `${variable}=${targetOf(intent)}`], why)],
  );
  return [...variables, ...(variables.length < found.length ? [kubectl('edit', [set], why)] : [])];
}
