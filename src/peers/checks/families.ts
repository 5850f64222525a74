import { seen, subjectOf } from '../../findings/draft.ts';
import { familyOf } from '../endpoints.ts';
import type { Peer } from '../peer.ts';
import { type PeerCheck, warning } from './check.ts';

/** The Service is published in an address family that a Pod has no address of: peers of that family do not find it. */
export const peerFamilyMissing: PeerCheck = {
  id: 'peer-family-missing',
  run({ evidence: { service, set }, peers }) {
    const families = service?.spec.ipFamilies ?? [];
    if (service === undefined) return [];
    const { name } = service.metadata;
    return peers.flatMap((peer) => {
      const missing = families.filter((family) => lacks(peer, family));
      if (missing.length === 0) return [];
      return [
        warning({
          subject: { ...subjectOf('pod', set), name: peer.name },
          message: `Service ${name} is published by ${families.join(' and ')}, and Pod ${peer.name} has no ${missing.join(' or ')} address`,
          evidence: [
            seen(`service/${name}`, 'spec.ipFamilies', families.join(',')),
            seen(`pod/${peer.name}`, 'status.podIPs', peer.pod?.addresses.join(',')),
          ],
          remedies: [],
        }),
      ];
    });
  },
};

/** A Pod that has addresses, and none of this family. */
function lacks({ expected, pod, endpoint }: Peer, family: string): boolean {
  if (!expected || pod === undefined || pod.addresses.length === 0) return false;
  return ![...pod.addresses, ...(endpoint?.addresses ?? [])].some((address) => familyOf(address) === family);
}
