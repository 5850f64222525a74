import { closed, document, flag, list, number, oneOf, optional, text } from './parts.ts';

const share = { notReady: number(), all: number() };

const sign = closed({
  id: oneOf('node', 'ready', 'lease', 'kubelet', 'pods', 'taint', 'attestation'),
  grade: oneOf('proof', 'strong', 'weak', 'counter', 'machine-up', 'none', 'unknown'),
  statement: text(),
  source: text({ description: 'Object and field, or the request' }),
  sinceMs: optional(number({ description: 'How long it has been so, milliseconds by the API server’s clock' })),
});

const volume = closed({
  claim: text(),
  volume: optional(text({ description: 'PersistentVolume, where it could be read' })),
  accessModes: list(text()),
  attached: flag({ description: 'A VolumeAttachment binds it to this node' }),
  local: flag({ description: 'It can be used on this node alone' }),
});

const pod = closed({
  namespace: text(),
  name: text(),
  uid: text(),
  set: optional(text({ description: 'StatefulSet that controls it' })),
  phase: text(),
  terminating: flag(),
  evictedAt: optional(text({ description: 'RFC 3339, or never; absent where no taint evicts it' })),
  volumes: list(volume),
});

export const node = document('NodeReport', 'Whether anything still runs on a node, and what it carries', {
  name: text(),
  verdict: oneOf('lost-proven', 'lost-likely', 'partition-possible', 'alive', 'unknown'),
  meaning: text(),
  settledBy: list(text(), { description: 'What would settle it; empty where it is settled' }),
  signs: list(sign),
  uid: optional(text({ description: 'Absent where there is no Node object' })),
  bootID: optional(text()),
  providerID: optional(text()),
  taints: list(closed({ key: text(), value: optional(text()), effect: text(), timeAdded: optional(text()) })),
  volumesInUse: list(text(), { description: 'As its kubelet last reported' }),
  notReady: optional(closed({ zone: optional(closed({ name: text(), ...share })), fleet: closed(share) })),
  pods: list(pod, { description: 'Without static Pods and those of DaemonSets' }),
  unread: list(text(), { description: 'What could not be read' }),
});
