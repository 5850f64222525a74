import type { ControllerRevision, CoreEvent } from '../../domain/kube.ts';
import { pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

/** Revisions without their data, which holds a whole Pod template each. */
export const revisions: ListSlice<ControllerRevision> = {
  resource: { group: 'apps', version: 'v1', resource: 'controllerrevisions', namespaced: true },
  decode: (raw) => ({ metadata: pickMetadata(raw.metadata), revision: raw.revision }),
};

export const events: ListSlice<CoreEvent> = {
  resource: { group: '', version: 'v1', resource: 'events', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    ...pick(raw, 'type', 'reason', 'message', 'count', 'lastTimestamp', 'eventTime'),
    involvedObject: pick(raw.involvedObject, 'kind', 'name', 'uid'),
  }),
};
