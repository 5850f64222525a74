import type { Evidence, Remedy, Subject } from '../../domain/finding.ts';
import type { Service } from '../../domain/kube.ts';
import { mergePatch, names, seen, subjectOf } from '../../findings/draft.ts';
import type { Peer } from '../peer.ts';
import { note, type PeerCheck, type PeerDraft, warning } from './check.ts';

const FIELD = 'spec.publishNotReadyAddresses';

function publish(service: Service, value: boolean, why: string): Remedy {
  return mergePatch('service', service.metadata.name, { spec: { publishNotReadyAddresses: value } }, why);
}

/**
 * publishNotReadyAddresses: false. Pods that are not Ready have no names, so a cluster whose Pods become Ready only once
 * they have found each other never forms.
 */
export const unreadyPeersHidden: PeerCheck = {
  id: 'unready-peers-hidden',
  run({ evidence: { service }, peers }) {
    if (service === undefined || service.spec.publishNotReadyAddresses === true) return [];
    const hidden = peers.filter(({ expected, pod }) => expected && pod !== undefined && !pod.ready);
    const subject = subjectOf('service', service);
    const common = { subject, evidence: [seen(`service/${service.metadata.name}`, FIELD, false), ...hidden.map(readiness)] };
    const remedy = publish(service, true, 'list Pods before they are Ready, so that they find each other while they start');
    if (hidden.length === 0)
      return [
        note({
          ...common,
          message: 'Pods are listed only while they are Ready: Pods that wait for each other before they are Ready never form a cluster',
          remedies: [remedy],
        }),
      ];
    return [
      warning({
        ...common,
        message: `${names(hidden.map(({ name }) => name))} cannot be found because ${hidden.length === 1 ? 'it is' : 'they are'} not Ready and Service ${service.metadata.name} does not publish such Pods; if becoming Ready takes finding each other, the cluster never forms`,
        remedies: [remedy],
      }),
    ];
  },
};

/** publishNotReadyAddresses: true. Pods that cannot serve are listed all the same: also those that end, or whose node is lost. */
export const unreadyPeersListed: PeerCheck = {
  id: 'unready-peers-listed',
  run({ evidence: { service }, peers }) {
    if (service?.spec.publishNotReadyAddresses !== true) return [];
    const listed = peers.filter(({ endpoint, pod }) => endpoint?.ready === true && pod !== undefined && whyUnfit(pod) !== undefined);
    const subject = subjectOf('service', service);
    const evidence = [seen(`service/${service.metadata.name}`, FIELD, true)];
    if (listed.length === 0)
      return [
        note({
          subject,
          message:
            'Pods are listed whether or not they are Ready, also while they terminate or their node is lost: clients must try another peer',
          evidence,
          remedies: [],
        }),
      ];
    return listed.map(({ name, pod }) =>
      unfit({ kind: 'pod', name, ...namespaceOf(service) }, pod, [...evidence, readiness({ name, pod })]),
    );
  },
};

function unfit(subject: Subject, pod: Peer['pod'], evidence: PeerDraft['evidence']): PeerDraft {
  return warning({
    subject,
    message: `Pod ${subject.name} ${whyUnfit(pod) ?? ''} and is still listed, because its Service publishes Pods that are not Ready`,
    evidence,
    remedies: [],
  });
}

function namespaceOf({ metadata: { namespace } }: Service): { readonly namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function whyUnfit(pod: Peer['pod']): string | undefined {
  if (pod === undefined) return undefined;
  if (pod.nodeLost) return 'is on a lost node';
  if (pod.terminating) return 'is terminating';
  return pod.ready ? undefined : 'is not Ready';
}

function readiness({ name, pod }: { readonly name: string; readonly pod?: Peer['pod'] | undefined }): Evidence {
  return seen(`pod/${name}`, 'status.conditions[Ready]', pod?.ready === true ? 'True' : 'False');
}

/** A Pod that ends, or whose node is lost, though nothing publishes Pods that are not Ready: the controller is behind. */
export const lostPeerListed: PeerCheck = {
  id: 'lost-peer-listed',
  run({ evidence: { service, set }, peers }) {
    if (service === undefined || service.spec.publishNotReadyAddresses === true) return [];
    return peers
      .filter(({ endpoint, pod }) => endpoint?.ready === true && pod !== undefined && (pod.terminating || pod.nodeLost))
      .map(({ name, pod }) =>
        warning({
          subject: { ...subjectOf('pod', set), name },
          message: `Pod ${name} ${whyUnfit(pod) ?? ''} and is still listed as ready; the EndpointSlice follows once the Pod is marked not Ready`,
          evidence: [readiness({ name, pod })],
          remedies: [],
        }),
      );
  },
};
