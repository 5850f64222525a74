import { closed, document, flag, list, number, oneOf, optional, text, time } from './parts.ts';
import { health, openOperation } from './status.ts';

const revision = closed({
  name: text({ description: 'Of the ControllerRevision' }),
  revision: optional(number({ description: 'Absent where it is gone, or may not be read' })),
  created: optional(time('Created')),
  images: list(text({ description: 'container=image' })),
  is: oneOf('new', 'earlier'),
  pods: list(text({ description: 'Made from it' })),
});

export const revisionList = document('RevisionList', 'Revisions of a StatefulSet: rollout history', {
  namespace: text(),
  name: text(),
  items: list(revision),
});

export const rolloutStatus = document('RolloutStatus', 'Where a StatefulSet stands between its revisions: rollout status', {
  namespace: text(),
  name: text(),
  health,
  reason: text(),
  strategy: text(),
  partition: number(),
  replicas: number(),
  updated: number({ description: 'Pods of the newest revision' }),
  writer: optional(text({ description: 'Field manager that wrote it last, besides this program' })),
  operation: optional(openOperation),
  revisions: list(revision),
  pods: list(closed({ name: text(), revision: text(), updated: flag(), ready: flag(), restarts: number() })),
  resumeCommand: optional(text({ description: 'Command line that resumes it' })),
  cancelCommand: optional(text({ description: 'Command line that cancels it' })),
});
