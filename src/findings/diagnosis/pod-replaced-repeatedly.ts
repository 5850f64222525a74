import type { CoreEvent, StatefulSet } from '../../domain/kube.ts';
import { RECENT_MS, timeOf } from '../../domain/uncreatable.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';

/** Events live for an hour: nobody rolls out so often. */
const OFTEN = 5;

/** Signature 36 (#89067): a Pod is created again and again, since each one fails or is evicted. */
export const podReplacedRepeatedly: Diagnosis = {
  id: 'pod-replaced-repeatedly',
  title: 'A Pod is replaced again and again',
  meaning:
    'The controller has created the same Pod many times within an hour. Each one is evicted or fails soon after its start, so it is deleted and created again: a node under disk or memory pressure, a taint that the Pod does not tolerate, or a node that rejects it. Between two looks all may seem well.',
  remedy: 'Read the events of the Pod: they name the reason of the eviction or the rejection.',
  source: '#89067; pkg/controller/statefulset (RecreatingFailedPod)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) => {
    const events = known(snapshot, 'events') ?? [];
    const often = events.filter(
      (event) => (event.count ?? 1) >= OFTEN && isReplacement(event, set) && snapshot.now - timeOf(event) < RECENT_MS,
    );
    const byPod = Map.groupBy(often, (event) => podIn(event, set));
    return [...byPod].flatMap(([name, [event]]) =>
      name === undefined || event === undefined
        ? []
        : [
            {
              grade: 'likely',
              subject: subjectOf('statefulset', set),
              message: `Pod ${name} was replaced ${event.count} times within an hour, the last time just now or a few minutes ago`,
              evidence: [
                seen(`statefulset/${set.metadata.name}`, `event[${event.reason}].count`, event.count),
                seen(`statefulset/${set.metadata.name}`, `event[${event.reason}].message`, brief(event.message ?? '')),
              ],
              remedies: [
                kubectl('get', ['events', '--field-selector', `involvedObject.name=${name}`], 'why each of them ended'),
                kubectl('describe', ['nodes'], 'whether a node is under pressure'),
              ],
              pods: [name],
            },
          ],
    );
  }),
};

function isReplacement({ reason, involvedObject }: CoreEvent, { metadata }: StatefulSet): boolean {
  return (
    involvedObject.uid === metadata.uid && ['SuccessfulCreate', 'RecreatingFailedPod', 'RecreatingTerminatedPod'].includes(reason ?? '')
  );
}

/** `create Pod web-1 in StatefulSet web successful`, `StatefulSet prod/web is recreating failed Pod web-1`. */
function podIn({ message = '' }: CoreEvent, { metadata }: StatefulSet): string | undefined {
  return /\bPod (\S+)/.exec(message)?.[1]?.startsWith(`${metadata.name}-`) === true ? /\bPod (\S+)/.exec(message)?.[1] : undefined;
}
