import { closed, document, finding, flag, list, number, oneOf, open, operationName, optional, text, time } from './parts.ts';

const claim = closed({
  name: text(),
  phase: text({ description: 'missing when the set will make it and it is not there' }),
  uid: optional(text()),
  volume: optional(text()),
  capacity: optional(text()),
  storageClass: optional(text()),
  terminating: flag(),
  hazards: list(text({ description: 'What could cost its data' })),
});

const pod = closed({
  uid: text(),
  phase: text(),
  ready: flag(),
  health: oneOf('well', 'failed', 'terminating', 'not-ready', 'not-available'),
  broken: flag({ description: 'It will hardly become Ready by itself' }),
  containers: number(),
  readyContainers: number(),
  restarts: number(),
  revision: text(),
  revisionIs: oneOf('update', 'old'),
  trouble: optional(text()),
  node: optional(text()),
  nodeLost: optional(flag()),
  evictionAt: optional(text({ description: 'RFC 3339, or never' })),
  created: optional(time('Created')),
  readySince: optional(time('Last change of the condition Ready')),
  deletionDeadline: optional(time('End of its grace period')),
  finalizers: list(text()),
});

const member = closed({
  ordinal: number(),
  name: text(),
  role: oneOf('member', 'condemned', 'foreign', 'orphan'),
  pod: optional(pod),
  claims: list(claim),
  endpoints: list(closed({ service: text(), addresses: list(text()), ready: flag(), terminating: flag() })),
});

const set = closed({
  uid: text(),
  replicas: number(),
  start: number(),
  ready: number(),
  available: number(),
  updated: number(),
  strategy: text(),
  partition: number(),
  podManagementPolicy: text(),
  minReadySeconds: number(),
  serviceName: text(),
  whenDeleted: text(),
  whenScaled: text(),
  currentRevision: text(),
  updateRevision: text(),
  generation: number(),
  observedGeneration: number(),
  created: optional(time('Created')),
});

const archive = closed({
  name: text(),
  operation: operationName,
  created: time('Written'),
  setDeleted: flag({ description: 'That operation deleted the set; otherwise another client did, later' }),
  older: number({ description: 'How many other archives there are' }),
  unusable: optional(text({ description: 'Why it is no use as it is' })),
  claims: optional(closed({ archived: number(), gone: number(), beingDeleted: number(), replaced: number() })),
  options: open('What to type behind restore NAME: to restore, or to see why not'),
});

export const health = oneOf(
  'Healthy',
  'Progressing',
  'Degraded',
  'Stalled',
  'Paused',
  'UpdatePending',
  'Interrupted',
  'ScaledToZero',
  'Terminating',
  'Missing',
);

export const openOperation = closed({
  operation: text(),
  phase: oneOf('running', 'stopped', 'paused'),
  startedBy: text({ description: 'user@host' }),
  since: time('Started'),
  heartbeat: time('Last heartbeat'),
  currentStep: text(),
  reason: optional(text()),
});

const properties = {
  namespace: text(),
  name: text(),
  health,
  reason: text(),
  operation: optional(openOperation),
  set: optional(set),
  archive: optional(archive),
  members: list(member),
  otherClaims: list(claim),
  findings: list(finding),
  seen: time('When it was looked at'),
  unknown: list(text({ description: 'What could not be read' })),
};

export const status = document('Status', 'One StatefulSet as it is', properties);
export const statusList = document('StatusList', 'StatefulSets as they are', { items: list(closed(properties)) });
