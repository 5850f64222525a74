import type { CatalogueEntry } from './check.ts';

const CONTROLLER = 'k8s.io/endpointslice/utils.go (podToEndpoint)';
const SPECIFICATION = 'github.com/kubernetes/dns, docs/specification.md';

/** About how Pods find each other; raised by `peers`, which changes nothing. */
const ENTRIES: readonly Omit<CatalogueEntry, 'override'>[] = [
  {
    id: 'service-not-headless',
    title: 'The governing Service is not headless',
    meaning:
      'A Service with a cluster IP resolves to that one address, and its SRV records name the Service itself. An application that looks its peers up by the Service finds a load balancer instead of Pods. An ExternalName Service leads out of the cluster.',
    remedy:
      'Save the manifest of the Service, delete it, and create it again with clusterIP: None. An existing clusterIP cannot be changed to None.',
    source: SPECIFICATION,
  },
  {
    id: 'service-without-selector',
    title: 'The governing Service has no selector',
    meaning:
      'The EndpointSlice controller ignores Services without a selector. Their endpoints are what a person or an operator writes by hand, and Pods that are created or move afterwards are not listed.',
    remedy: 'Set the selector of the Service to the labels of the Pod template.',
    source: 'kubernetes.io: Services without selectors; cloudamqp/lavinmq-operator#80',
  },
  {
    id: 'service-selector-mismatch',
    title: 'The governing Service does not select the Pods of the StatefulSet',
    meaning:
      'Its selector asks for a label that the Pod template does not set. No Pod that this template creates is listed in the EndpointSlices or has a DNS name, even if the Service and the Pods exist and are healthy.',
    remedy: 'Change the selector of the Service, or add the label to the Pod template (which starts a rollout).',
    source: CONTROLLER,
  },
  {
    id: 'service-selects-others',
    title: 'The governing Service also selects Pods of another StatefulSet',
    meaning:
      'Both sets of Pods are listed under one name. An application that forms a cluster of everything that the Service resolves to joins them into one, or fails because of the strangers.',
    remedy: 'Narrow the selector to labels that only the Pods of this StatefulSet have.',
    source: CONTROLLER,
  },
  {
    id: 'service-without-ports',
    title: 'The governing Service has no ports',
    meaning: 'A headless Service without ports has address records only. SRV records exist for ports, so a look-up by SRV finds nothing.',
    remedy: 'Add the ports that peers use to the Service, each with a name.',
    source: SPECIFICATION,
  },
  {
    id: 'service-port-unnamed',
    title: 'A port of the governing Service has no name',
    meaning:
      'Only named ports have SRV records of the form _NAME._tcp.SERVICE. CoreDNS also answers SRV at the name of the Service with all ports, but that is not part of the specification, and clients that ask for a port by name find nothing.',
    remedy: 'Name the port. That changes no address.',
    source: SPECIFICATION,
  },
  {
    id: 'peer-hostname-missing',
    title: 'A Pod does not have its own DNS name',
    meaning:
      'A Pod gets the name POD.SERVICE only if spec.hostname is set and spec.subdomain is the name of the Service. The StatefulSet controller sets both when it creates a Pod. An adopted Pod, or one that a webhook changed, may differ: it is listed under its address instead.',
    remedy: 'Delete the Pod so that the controller creates it again, once its peers can do without it.',
    source: 'k8s.io/endpointslice/util/controller_utils.go (ShouldSetHostname)',
  },
  {
    id: 'peer-hostname-overridden',
    title: 'The hostname inside a Pod is not its DNS name',
    meaning:
      'The field spec.hostnameOverride changes what `hostname` prints in the containers, and nothing else. An application that announces itself under that name announces one that its peers cannot resolve.',
    remedy: 'Remove hostnameOverride from the Pod template, or configure the name that the application announces.',
    source: 'KEP-4762',
  },
  {
    id: 'unready-peers-hidden',
    title: 'Pods that are not Ready cannot be found',
    meaning:
      'Without publishNotReadyAddresses a Pod has a DNS name only while it is Ready. An application that becomes Ready only after it has found its peers waits forever, and so do its peers. When all Pods are unready at once, the name of the Service does not exist at all (NXDOMAIN), which caches remember.',
    remedy: 'Set publishNotReadyAddresses: true on the governing Service, and give clients a Service of their own without it.',
    source: CONTROLLER,
  },
  {
    id: 'unready-peers-listed',
    title: 'Pods that cannot serve are listed',
    meaning:
      'With publishNotReadyAddresses every Pod of the Service counts as ready, also one that is starting, terminating, or on a node that is lost. That is right for finding peers, and wrong for clients. The conditions serving and terminating of the EndpointSlice say how it really is; DNS does not.',
    remedy:
      'Give clients a Service of their own without publishNotReadyAddresses. A Pod on a lost node remains listed until it is deleted.',
    source: CONTROLLER,
  },
  {
    id: 'lost-peer-listed',
    title: 'A Pod that ends or is cut off is still listed as ready',
    meaning:
      'The EndpointSlice lists a Pod as ready although it is terminating or its node is lost. It usually lasts for seconds: until the node controller marks the Pod as not Ready and the EndpointSlice controller follows.',
    remedy: 'Look again. If it remains, check that the controller manager is running.',
    source: CONTROLLER,
  },
  {
    id: 'endpoint-missing',
    title: 'A Ready Pod is not listed',
    meaning:
      'The Service selects the Pod and the Pod is Ready, but no EndpointSlice lists it. The EndpointSlice controller is behind, stopped, or its writes are rejected: one address that the API server refuses stops the whole slice from being updated.',
    remedy: 'Read the Events of the Service (FailedToUpdateEndpointSlices), and check that the controller manager is running.',
    source: CONTROLLER,
  },
  {
    id: 'endpoint-stale',
    title: 'The EndpointSlice lists a Pod that is no longer there',
    meaning:
      'An endpoint has the name of a Pod of this StatefulSet, but the UID or the address of an earlier one. Peers connect to an address that nobody or, worse, another client has.',
    remedy: 'Look again: the controller follows within seconds. An EndpointSlice that is kept by hand must be corrected there.',
    source: CONTROLLER,
  },
  {
    id: 'endpoint-duplicate',
    title: 'Two endpoints have the same host name',
    meaning:
      'DNS answers with both addresses for one name, in changing order. It happens when an EndpointSlice is kept by hand beside those of the controller, and when a Pod of another workload has the same hostname and subdomain.',
    remedy: 'Delete the EndpointSlice that the controller does not manage, or rename the other Pod.',
    source: SPECIFICATION,
  },
  {
    id: 'endpoint-foreign',
    title: 'Something that is no Pod of the StatefulSet is listed',
    meaning:
      'The EndpointSlices of the governing Service name a Pod of another workload, or an address without a Pod. Applications that take everything behind the name for a peer connect to it.',
    remedy: 'Narrow the selector of the Service, or delete the EndpointSlice that was written by hand.',
    source: CONTROLLER,
  },
  {
    id: 'peer-family-missing',
    title: 'A Pod has no address in a family of its Service',
    meaning:
      'The Service is published by IPv4 and IPv6, and the Pod has an address in only one of them, as after a change to dual stack. Peers that prefer the other family do not find it.',
    remedy: 'Delete the Pods that were created before the change, one at a time, so that they get both addresses.',
    source: 'kubernetes.io: IPv4/IPv6 dual-stack',
  },
  {
    id: 'dns-not-read',
    title: 'DNS could not be asked',
    meaning:
      'None of the ways to a DNS server of the cluster worked, so nothing is known about what DNS answers; or what was asked with, getent, knows nothing of SRV records. What is expected and what the EndpointSlices list were compared all the same.',
    remedy:
      'Ask for permission to create pods/portforward in namespace kube-system, name a server that can be reached with --dns-server, or ask from inside of a Pod that has dig or nslookup with --via exec:POD.',
    source: 'docs/adr/0003-evidence-is-read-absent-or-unknown.md',
  },
  {
    id: 'cluster-domain-wrong',
    title: 'DNS does not serve the cluster domain',
    meaning:
      'The names of all Services end in the cluster domain. DNS does not even know the Service of the API server in the one that was asked for. Applications with that domain in their configuration, and Pods whose kubelet was given another one than CoreDNS, find nobody.',
    remedy: 'Compare the zone of the kubernetes plugin in the Corefile with clusterDomain in the configuration of the kubelets.',
    source: SPECIFICATION,
  },
  {
    id: 'dns-record-missing',
    title: 'DNS does not know a Pod that is listed',
    meaning:
      'The EndpointSlice lists the Pod as ready and DNS has no address for it. A cache still holds an older "no such name", or the DNS server has lost its connection to the API server and answers what it knew.',
    remedy:
      'Wait for the TTL (5 s by default, 30 s and more with older Corefiles), then look again. If it remains, read the log of CoreDNS.',
    source: 'coredns.io/plugins: kubernetes, cache',
  },
  {
    id: 'srv-record-missing',
    title: 'A Pod has an address in DNS and no SRV record',
    meaning:
      'The name of the Pod resolves, but no SRV record of the Service names it. Applications that discover their peers by SRV do not find it.',
    remedy: 'Check the ports of the Service and of the EndpointSlice; wait for the TTL if they are right.',
    source: SPECIFICATION,
  },
  {
    id: 'dns-record-stale',
    title: 'DNS answers what is no longer so',
    meaning:
      'DNS names an address or a host that no EndpointSlice lists as ready. A cache still holds an older answer, or the DNS server has lost its connection to the API server. Peers connect to what was there before.',
    remedy: 'Wait for the TTL, then look again. If it remains, read the log of CoreDNS, and compare its replicas.',
    source: 'coredns.io/plugins: kubernetes, cache',
  },
  {
    id: 'peer-probe-failed',
    title: 'A Pod does not answer the probe',
    meaning:
      'With --probe each Pod is asked through the API server, whatever its own readiness probe says. This one gave another answer than 2xx or 3xx, refused the connection, or did not answer in time. A Pod that is listed and does not serve is worse than one that is not listed.',
    remedy: 'Read the log of the Pod, and compare the port and the path with what it serves.',
    source: 'kubernetes.io: pods/proxy, pods/portforward',
  },
  {
    id: 'srv-answer-truncated',
    title: 'The SRV answer is larger than a DNS message can be',
    meaning:
      'A DNS message holds at most 64 KiB, by TCP too. Of a larger answer only the beginning arrives, and peers beyond it are not found.',
    remedy: 'Ask for one named port instead of all, or remove ports that peers do not need from the governing Service.',
    source: 'RFC 1035, section 4.2.2',
  },
];

export const PEERS: readonly CatalogueEntry[] = ENTRIES.map((entry) => ({ ...entry, override: 'never' }));
