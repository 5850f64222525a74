import { seen, subjectOf } from '../../findings/draft.ts';
import { note, type PeerCheck, warning } from './check.ts';

/** Without ports there is no SRV record at all; addresses there are. */
export const serviceWithoutPorts: PeerCheck = {
  id: 'service-without-ports',
  run({ evidence: { service } }) {
    if (service === undefined || (service.spec.ports ?? []).length > 0 || service.spec.type === 'ExternalName') return [];
    const { name } = service.metadata;
    return [
      warning({
        subject: subjectOf('service', service),
        message: `Service ${name} has no ports, so there are no SRV records; only the addresses of each Pod can be looked up`,
        evidence: [seen(`service/${name}`, 'spec.ports', undefined)],
        remedies: [],
      }),
    ];
  },
};

/** An unnamed port has no `_name._tcp` record; CoreDNS answers at the Service's own name, which not every DNS server does. */
export const servicePortUnnamed: PeerCheck = {
  id: 'service-port-unnamed',
  run({ evidence: { service } }) {
    const unnamed = (service?.spec.ports ?? []).filter(({ name }) => name === undefined || name === '');
    if (service === undefined || unnamed.length === 0) return [];
    const { name } = service.metadata;
    return unnamed.map(({ port, protocol = 'TCP' }) =>
      note({
        subject: subjectOf('service', service),
        message: `port ${port} of Service ${name} has no name, so there is no SRV record _NAME._${protocol.toLowerCase()}.${name} for it`,
        evidence: [seen(`service/${name}`, 'spec.ports[].name', undefined)],
        remedies: [],
      }),
    );
  },
};
