import type { Service, StatefulSet } from '../domain/kube.ts';
import { selects } from '../domain/selector.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Draft } from './check.ts';
import { kubectl, mergePatch, names, seen, subjectOf } from './draft.ts';

/** What may be wrong with the governing Service of a set, for `peers` and for diagnosis. */

/** The Service that spec.serviceName names, where there is one. */
export function governingService(snapshot: Snapshot, { spec }: StatefulSet): Service | undefined {
  return listOf(snapshot, 'services').find(({ metadata }) => metadata.name === spec.serviceName);
}

/** No cluster address of its own: DNS answers with the Pods' addresses. */
export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None' && spec.type !== 'ExternalName';
}

/** The object of a finding about the Service, in kubectl's words. */
function named({ metadata }: Service): string {
  return `service/${metadata.name}`;
}

function labelsOf({ spec }: StatefulSet): Readonly<Record<string, string>> {
  return spec.template.metadata?.labels ?? {};
}

function inWords(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** spec.serviceName names no Service: no Pod has a DNS name of its own. */
export function missingService(set: StatefulSet, snapshot: Snapshot): readonly Draft[] {
  if (governingService(snapshot, set) !== undefined || sliceOf(snapshot, 'services').state !== 'read') return [];
  const wanted = set.spec.serviceName ?? '';
  const name = wanted === '' ? set.metadata.name : wanted;
  return [
    {
      grade: 'proven',
      subject: { ...subjectOf('service', set), name },
      message:
        wanted === ''
          ? `StatefulSet ${set.metadata.name} names no Service (spec.serviceName is empty), so its Pods have no DNS names`
          : `Service ${wanted}, which spec.serviceName names, does not exist, so Pods of ${set.metadata.name} have no DNS names`,
      evidence: [seen(`statefulset/${set.metadata.name}`, 'spec.serviceName', wanted === '' ? undefined : wanted)],
      remedies:
        wanted === ''
          ? []
          : [
              kubectl(
                'create',
                ['service', 'clusterip', wanted, '--clusterip=None'],
                `headless; then set its selector to ${inWords(labelsOf(set))} and name its ports`,
              ),
            ],
    },
  ];
}

/** A Service with an address of its own, or another host's name: SRV and the Service's name lead to that, not to the Pods. */
export function notHeadless(service: Service): readonly Draft[] {
  if (isHeadless(service)) return [];
  const { type, clusterIP } = service.spec;
  const leadsTo = type === 'ExternalName' ? 'an external name' : `one virtual address (${clusterIP || 'none yet'})`;
  return [
    {
      grade: 'proven',
      subject: subjectOf('service', service),
      message: `Service ${service.metadata.name} is not headless: its name and SRV records lead to ${leadsTo} instead of to each Pod`,
      evidence: [seen(named(service), 'spec.type', type ?? 'ClusterIP'), seen(named(service), 'spec.clusterIP', clusterIP)],
      remedies: [
        kubectl(
          'get',
          ['service', service.metadata.name, '-o', 'yaml'],
          'clusterIP cannot be changed to None: save the manifest, delete the Service, and create it again with clusterIP: None',
        ),
      ],
    },
  ];
}

/**
 * Nobody but a person or an operator writes the endpoints of such a Service (lavinmq-operator#80).
 * @param endpoints how many there are, where they were read
 */
export function withoutSelector(service: Service, set: StatefulSet, endpoints: number | undefined): readonly Draft[] {
  if (Object.keys(service.spec.selector ?? {}).length > 0 || service.spec.type === 'ExternalName') return [];
  const listed =
    endpoints === undefined || endpoints === 0 ? 'has no endpoints' : `has only the ${endpoints} endpoints that were written by hand`;
  return [
    {
      grade: 'proven',
      subject: subjectOf('service', service),
      message: `Service ${service.metadata.name} has no selector, so Kubernetes lists no Pods for it${endpoints === undefined ? '' : `: it ${listed}`}`,
      evidence: [seen(named(service), 'spec.selector', undefined)],
      remedies: [mergePatch('service', service.metadata.name, { spec: { selector: labelsOf(set) } }, 'select the Pods of the StatefulSet')],
    },
  ];
}

/** The selector asks for labels that the Pod template does not set. */
export function selectorMismatch(service: Service, set: StatefulSet): readonly Draft[] {
  const { selector = {} } = service.spec;
  const labels = labelsOf(set);
  const missing = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
  if (missing.length === 0) return [];
  return [
    {
      grade: 'proven',
      subject: subjectOf('service', service),
      message: `the selector of Service ${service.metadata.name} does not match the Pods of ${set.metadata.name}: ${inWords(Object.fromEntries(missing))} is not among their labels`,
      evidence: [
        seen(named(service), 'spec.selector', inWords(selector)),
        seen(`statefulset/${set.metadata.name}`, 'spec.template.metadata.labels', inWords(labels) || undefined),
      ],
      remedies: [
        mergePatch(
          'service',
          service.metadata.name,
          { spec: { selector: { ...Object.fromEntries(missing.map(([key]) => [key, null])), ...set.spec.selector.matchLabels } } },
          'select by the labels that the StatefulSet itself selects by',
        ),
      ],
    },
  ];
}

/** The selector is so wide that Pods of another StatefulSet are peers, too. */
export function selectsOthers(service: Service, set: StatefulSet, snapshot: Snapshot): readonly Draft[] {
  const { selector = {} } = service.spec;
  if (Object.keys(selector).length === 0) return [];
  const others = listOf(snapshot, 'sets').filter(
    (other) => other.metadata.uid !== set.metadata.uid && selects({ matchLabels: selector }, labelsOf(other)),
  );
  if (others.length === 0) return [];
  const which = names(others.map(({ metadata }) => metadata.name));
  return [
    {
      grade: 'proven',
      subject: subjectOf('service', service),
      message: `Service ${service.metadata.name} also selects Pods of StatefulSet ${which}: each finds the other's Pods as its peers`,
      evidence: [
        seen(named(service), 'spec.selector', inWords(selector)),
        ...others.map((other) => seen(`statefulset/${other.metadata.name}`, 'spec.template.metadata.labels', inWords(labelsOf(other)))),
      ],
      remedies: [
        mergePatch(
          'service',
          service.metadata.name,
          { spec: { selector: set.spec.selector.matchLabels ?? {} } },
          `select Pods of ${set.metadata.name} alone`,
        ),
      ],
    },
  ];
}

/** Without ports there is no SRV record at all; addresses there are. */
export function withoutPorts(service: Service): readonly Draft[] {
  if ((service.spec.ports ?? []).length > 0 || service.spec.type === 'ExternalName') return [];
  const { name } = service.metadata;
  return [
    {
      grade: 'proven',
      subject: subjectOf('service', service),
      message: `Service ${name} has no ports, so there are no SRV records; only the addresses of each Pod can be looked up`,
      evidence: [seen(`service/${name}`, 'spec.ports', undefined)],
      remedies: [],
    },
  ];
}

/** An unnamed port has no `_name._tcp` record; CoreDNS answers at the Service's own name, which not every DNS server does. */
export function unnamedPorts(service: Service): readonly Draft[] {
  const { name } = service.metadata;
  const unnamed = (service.spec.ports ?? []).filter((port) => port.name === undefined || port.name === '');
  return unnamed.map(({ port, protocol = 'TCP' }) => ({
    grade: 'proven',
    subject: subjectOf('service', service),
    message: `port ${port} of Service ${name} has no name, so there is no SRV record _NAME._${protocol.toLowerCase()}.${name} for it`,
    evidence: [seen(`service/${name}`, 'spec.ports[].name', undefined)],
    remedies: [],
  }));
}
