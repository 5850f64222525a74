import type { Pod } from '../../domain/kube.ts';
import { isControlledBy } from '../../domain/members.ts';
import { kubectl, seen, subjectOf } from '../../findings/draft.ts';
import { note, type PeerCheck, type Seen, warning } from './check.ts';

function ownPods({ evidence: { pods, set } }: Seen): readonly Pod[] {
  return pods.filter((pod) => isControlledBy(pod, set.metadata.uid));
}

/**
 * A Pod gets the name POD.SERVICE only where its hostname is set and its subdomain is the Service
 * (endpointslice/util, ShouldSetHostname). The controller sets both when it creates a Pod, and only then.
 */
export const peerHostnameMissing: PeerCheck = {
  id: 'peer-hostname-missing',
  run(given) {
    const service = given.evidence.set.spec.serviceName ?? '';
    if (service === '') return [];
    return ownPods(given)
      .filter(({ spec, metadata }) => spec.hostname !== metadata.name || spec.subdomain !== service)
      .map((pod) =>
        warning({
          subject: subjectOf('pod', pod),
          message: `Pod ${pod.metadata.name} does not have the name ${pod.metadata.name}.${service}: its hostname or subdomain differs`,
          evidence: [
            seen(`pod/${pod.metadata.name}`, 'spec.hostname', pod.spec.hostname),
            seen(`pod/${pod.metadata.name}`, 'spec.subdomain', pod.spec.subdomain),
          ],
          remedies: [
            kubectl('delete', ['pod', pod.metadata.name], 'neither can be changed: the controller sets both in the Pod that replaces it'),
          ],
        }),
      );
  },
};

/** What the containers believe to be their name is not what DNS knows (KEP-4762). */
export const peerHostnameOverridden: PeerCheck = {
  id: 'peer-hostname-overridden',
  run: (given) =>
    ownPods(given).flatMap((pod) => {
      const { hostnameOverride } = pod.spec;
      if (hostnameOverride === undefined || hostnameOverride === pod.spec.hostname) return [];
      return [
        note({
          subject: subjectOf('pod', pod),
          message: `Pod ${pod.metadata.name} believes that it is called ${hostnameOverride}; DNS knows it by its hostname only`,
          evidence: [seen(`pod/${pod.metadata.name}`, 'spec.hostnameOverride', hostnameOverride)],
          remedies: [],
        }),
      ];
    }),
};
