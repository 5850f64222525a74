import type { Service } from '../../domain/kube.ts';
import { missingService, notHeadless, selectorMismatch, selectsOthers, withoutSelector } from '../../findings/governing-service.ts';
import { type PeerCheck, type PeerDraft, type Seen, warning } from './check.ts';

/** Runs on the governing Service, where there is one. */
function onService(run: (service: Service, seen: Seen) => readonly PeerDraft[]): PeerCheck['run'] {
  return (given) => (given.evidence.service === undefined ? [] : run(given.evidence.service, given));
}

export const serviceMissing: PeerCheck = {
  id: 'service-missing',
  run: ({ evidence: { snapshot, set } }) => missingService(set, snapshot).map(warning),
};

export const serviceNotHeadless: PeerCheck = {
  id: 'service-not-headless',
  run: onService((service) => notHeadless(service).map(warning)),
};

export const serviceWithoutSelector: PeerCheck = {
  id: 'service-without-selector',
  run: onService((service, { evidence: { set, endpoints } }) => withoutSelector(service, set, endpoints.length).map(warning)),
};

export const serviceSelectorMismatch: PeerCheck = {
  id: 'service-selector-mismatch',
  run: onService((service, { evidence: { set } }) => selectorMismatch(service, set).map(warning)),
};

export const serviceSelectsOthers: PeerCheck = {
  id: 'service-selects-others',
  run: onService((service, { evidence: { snapshot, set } }) => selectsOthers(service, set, snapshot).map(warning)),
};
