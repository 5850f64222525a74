import { unnamedPorts, withoutPorts } from '../../findings/governing-service.ts';
import { note, type PeerCheck, warning } from './check.ts';

export const serviceWithoutPorts: PeerCheck = {
  id: 'service-without-ports',
  run: ({ evidence: { service } }) => (service === undefined ? [] : withoutPorts(service).map(warning)),
};

export const servicePortUnnamed: PeerCheck = {
  id: 'service-port-unnamed',
  run: ({ evidence: { service } }) => (service === undefined ? [] : unnamedPorts(service).map(note)),
};
