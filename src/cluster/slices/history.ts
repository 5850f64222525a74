import type { ControllerRevision, CoreEvent } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { DROP, KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** Revisions without their data, which holds a whole Pod template each. */
export const revisions: ListSlice<ControllerRevision> = {
  resource: { group: 'apps', version: 'v1', resource: 'controllerrevisions', namespaced: true },
  decode: shaped<ControllerRevision>({ ...OBJECT, revision: KEEP, data: DROP }),
};

const decoded = shaped<CoreEvent>({
  ...OBJECT,
  type: KEEP,
  reason: KEEP,
  message: KEEP,
  count: KEEP,
  lastTimestamp: KEEP,
  eventTime: KEEP,
  involvedObject: shaped<CoreEvent['involvedObject']>({ kind: KEEP, name: KEEP, uid: KEEP }),
});

/** Those of StatefulSets alone: a namespace has an hour's events of everything in it. */
export const events: ListSlice<CoreEvent> = {
  resource: { group: '', version: 'v1', resource: 'events', namespaced: true },
  about: ({ name: set }) => `involvedObject.kind=StatefulSet${set === undefined ? '' : `,involvedObject.name=${set}`}`,
  decode: decoded,
};

/** The warnings about Pods: read only where one of them is in trouble that its status does not explain. */
export const podEvents: ListSlice<CoreEvent> = {
  resource: events.resource,
  about: () => 'involvedObject.kind=Pod,type=Warning',
  decode: decoded,
};

/** What provisioners say of claims that are not bound; what they wait for is no warning. */
export const claimEvents: ListSlice<CoreEvent> = {
  resource: events.resource,
  about: () => 'involvedObject.kind=PersistentVolumeClaim',
  decode: decoded,
};
