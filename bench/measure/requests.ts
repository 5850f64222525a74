import { type Audited, inShort } from '../../test/support/audit.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Laboratory, Place } from '../laboratory.ts';
import type { Result } from '../result.ts';

const LIMIT = 4;
const LIMIT_OF_OWN_DELETE = 6;

/** API requests of the plugin's user, as the API server logged them. */
export const requests: Benchmark = {
  name: 'requests',
  about: 'API requests a member, and watches, counted by the audit log',
  async measure(lab, { quick }) {
    const [few, many] = quick ? [3, 6] : [10, 30];
    const first = await count(lab, (place) => place.make({ replicas: few }));
    const second = await count(lab, (place) => place.make({ replicas: many }));
    const quorum = await count(lab, makeQuorum);
    const member = (second.length - first.length) / (many - few);
    return [
      {
        what: 'API requests a member',
        unit: 'requests',
        value: member,
        limit: LIMIT,
        from: `${many} members ${second.length}, ${few} members ${first.length}`,
      },
      { what: 'API requests beside the members', unit: 'requests', value: first.length - few * member, from: kinds(first) },
      ownDelete(quorum, first.length - few * member, member),
      watches(second),
    ];
  },
};

async function count(lab: Laboratory, make: (place: Place) => Promise<void>): Promise<readonly Audited[]> {
  const place = await lab.place();
  await make(place);
  const audit = place.audit();
  await place.deleteSafely();
  const found = whole(await audit.requests());
  place.close();
  lab.tell(`  ${found.length} requests`);
  return found;
}

/** Each request once: a watch is logged when it begins, too. */
export function whole(found: readonly Audited[]): readonly Audited[] {
  return found.filter((request) => (request as Audited & { readonly stage: string }).stage === 'ResponseComplete');
}

const QUORUM = 7;

/**
 * A quorum of seven that needs four, driven in order. Such a set can only come up as Parallel, so its successor adopts
 * the members: then the controller stops as soon as the quorum is lost, and the plugin deletes the rest.
 */
async function makeQuorum(place: Place): Promise<void> {
  const podAnnotations = { 'sandbox/ready-peers': '4' };
  await place.make({ replicas: QUORUM, policy: 'Parallel', podAnnotations });
  await place.kubectl('delete', 'statefulset', 'web', '--cascade=orphan');
  await place.make({ replicas: QUORUM, podAnnotations });
}

/** What a member costs that the plugin deletes itself: what is left of the total when all else is taken off. */
function ownDelete(found: readonly Audited[], fixed: number, member: number): Result {
  const own = found.filter((request) => request.verb === 'delete' && request.objectRef?.resource === 'pods').length;
  const value = own === 0 ? Number.NaN : (found.length - fixed - (QUORUM - own) * member) / own;
  return {
    what: 'API requests for a member that the plugin deletes itself',
    unit: 'requests',
    value,
    limit: LIMIT_OF_OWN_DELETE,
    from: `${own} of ${QUORUM} members of a quorum`,
  };
}

function watches(found: readonly Audited[]): Result {
  const resources = found.filter(({ verb }) => verb === 'watch').map(({ objectRef }) => objectRef?.resource ?? '');
  const most = Math.max(0, ...resources.map((resource) => resources.filter((other) => other === resource).length));
  return { what: 'Watches a resource', unit: 'watches', value: most, limit: 1, from: [...new Set(resources)].sort().join(', ') };
}

/** `get statefulsets ×3, …`: the six most frequent. */
function kinds(found: readonly Audited[]): string {
  const counted = Map.groupBy(found, (request) =>
    inShort({ ...request, objectRef: { resource: request.objectRef?.resource ?? request.requestURI } }),
  );
  return [...counted]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 6)
    .map(([kind, { length }]) => `${kind} ×${length}`)
    .join(', ');
}
