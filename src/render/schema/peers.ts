import { closed, document, finding, flag, list, number, optional, text } from './parts.ts';

const addresses = (description: string) => list(text(), { description });

const peer = closed({
  ordinal: optional(number({ description: 'Absent for what is no Pod of the StatefulSet' })),
  name: text({ description: 'Of the Pod, or the first label of the host' }),
  host: text({ description: 'DNS name; absolute where the cluster domain is known' }),
  ports: list(closed({ name: optional(text()), port: number(), protocol: text() })),
  addresses: addresses('As DNS has them, else the EndpointSlices, else the Pod'),
  expected: flag({ description: 'Within the replicas of the StatefulSet' }),
  endpoint: optional(closed({ ready: flag(), serving: flag(), terminating: flag(), addresses: list(text()) })),
  dns: optional(
    closed({
      srvPorts: list(number(), { description: 'Ports of the SRV records that name this host' }),
      addresses: addresses('By A and AAAA'),
    }),
  ),
  pod: optional(closed({ uid: text(), phase: text(), ready: flag(), terminating: flag(), nodeLost: flag(), addresses: list(text()) })),
  probe: optional(closed({ ok: flag(), answer: text() })),
  agrees: flag({ description: 'What is expected, the EndpointSlices and DNS say the same' }),
});

export const peers = document('Peers', 'How the Pods of a StatefulSet find each other: its Service, EndpointSlices and DNS', {
  namespace: text(),
  name: text({ description: 'Of the StatefulSet' }),
  service: text({ description: 'Governing Service; empty where the StatefulSet names none' }),
  publishNotReadyAddresses: flag(),
  dns: closed({
    way: optional(text({ description: 'How DNS was asked; absent where nothing answered' })),
    clusterDomain: optional(text()),
    failed: list(text(), { description: 'Ways that were tried before, each with why it failed' }),
  }),
  agrees: flag({ description: 'No finding warns' }),
  peers: list(peer),
  findings: list(finding),
});
