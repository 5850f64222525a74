import Type from 'typebox';
import { closed, document, finding, flag, list, number, oneOf, operationName, optional, override, severity, text, time } from './parts.ts';

export const findingList = document('FindingList', 'What was found', { items: list(finding) });

const openItem = closed({
  namespace: text(),
  set: optional(text({ description: 'Absent for a PVC whose StatefulSet is not known' })),
  pvc: optional(text()),
  node: optional(text()),
  volume: optional(text({ description: 'The PersistentVolume that keeps the data of a retired PVC' })),
  what: oneOf(
    'operation',
    'damaged-record',
    'deleted-set',
    'unnamed-archive',
    'retired-pvc',
    'quarantined-pvc',
    'protected-volumes',
    'fenced-node',
  ),
  operation: optional(text()),
  phase: optional(oneOf('running', 'stopped', 'paused')),
  startedBy: optional(text({ description: 'user@host' })),
  since: optional(time('Begun')),
  heartbeat: optional(time('last heartbeat')),
  currentStep: optional(text()),
  reason: optional(text()),
  archive: optional(text()),
  resumeCommand: optional(text({ description: 'Command line that resumes it' })),
  cancelCommand: optional(text({ description: 'Command line that cancels it' })),
  note: optional(text({ description: 'Instead of commands, why there are none' })),
});
export const operationList = document('OperationList', 'Open operations, and what can be restored or removed', { items: list(openItem) });

export const archiveList = document('ArchiveList', 'Archives of a StatefulSet: restore --list', {
  default: optional(text({ description: 'Name of the one that restore takes without --archive; absent where its Secret is gone' })),
  items: list(
    closed({
      name: text(),
      operation: operationName,
      id: text(),
      created: time('Written'),
      setUid: text(),
      replicas: number(),
      setDeleted: flag(),
    }),
  ),
});

const explanationProperties = {
  id: text(),
  summary: text(),
  meaning: list(text()),
  evidence: list(text()),
  remedies: list(text()),
  operations: list(
    closed({
      operation: text(),
      severity,
      override,
      when: optional(text({ description: 'In which case, or unless what, where that is not all' })),
    }),
  ),
  sources: list(text()),
};
export const explanation = document('Explanation', 'What a finding means', explanationProperties);
export const explanationList = document('ExplanationList', 'The catalogue of findings', { items: list(closed(explanationProperties)) });

export const version = document('Version', 'Versions of this plugin and of the server', {
  clientVersion: closed({ gitVersion: text(), nodeVersion: text(), platform: text() }),
  serverVersion: optional(closed({ gitVersion: text(), platform: optional(text()) })),
  features: optional(Type.Record(Type.String(), Type.Boolean())),
});
