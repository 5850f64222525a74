import type { Service, StatefulSet } from '../../domain/kube.ts';
import { selects } from '../../domain/selector.ts';
import { listOf, sliceOf } from '../../domain/snapshot.ts';
import { kubectl, mergePatch, names, seen, subjectOf } from '../../findings/draft.ts';
import { isHeadless } from '../evidence.ts';
import { type PeerCheck, type PeerDraft, type Seen, warning } from './check.ts';

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

/** Runs on the governing Service, where there is one. */
function onService(run: (service: Service, seen: Seen) => readonly PeerDraft[]): PeerCheck['run'] {
  return (given) => (given.evidence.service === undefined ? [] : run(given.evidence.service, given));
}

/** spec.serviceName names no Service: no Pod has a DNS name of its own. The id is that of restore's check. */
export const serviceMissing: PeerCheck = {
  id: 'service-missing',
  run({ evidence: { snapshot, set, service } }) {
    if (service !== undefined || sliceOf(snapshot, 'services').state !== 'read') return [];
    const wanted = set.spec.serviceName ?? '';
    const name = wanted === '' ? set.metadata.name : wanted;
    return [
      warning({
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
      }),
    ];
  },
};

/** A Service with an address of its own, or another host's name: SRV and the Service's name lead to that, not to the Pods. */
export const serviceNotHeadless: PeerCheck = {
  id: 'service-not-headless',
  run: onService((service) => {
    if (isHeadless(service)) return [];
    const { type, clusterIP } = service.spec;
    const leadsTo = type === 'ExternalName' ? 'an external name' : `one virtual address (${clusterIP || 'none yet'})`;
    return [
      warning({
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
      }),
    ];
  }),
};

/** Nobody but a person or an operator writes the endpoints of such a Service (lavinmq-operator#80). */
export const serviceWithoutSelector: PeerCheck = {
  id: 'service-without-selector',
  run: onService((service, { evidence: { set, endpoints } }) => {
    if (Object.keys(service.spec.selector ?? {}).length > 0 || service.spec.type === 'ExternalName') return [];
    const listed = endpoints.length === 0 ? 'has no endpoints' : `has only the ${endpoints.length} endpoints that were written by hand`;
    return [
      warning({
        subject: subjectOf('service', service),
        message: `Service ${service.metadata.name} has no selector, so Kubernetes lists no Pods for it: it ${listed}`,
        evidence: [seen(named(service), 'spec.selector', undefined)],
        remedies: [
          mergePatch('service', service.metadata.name, { spec: { selector: labelsOf(set) } }, 'select the Pods of the StatefulSet'),
        ],
      }),
    ];
  }),
};

/** The selector asks for labels that the Pod template does not set. */
export const serviceSelectorMismatch: PeerCheck = {
  id: 'service-selector-mismatch',
  run: onService((service, { evidence: { set } }) => {
    const { selector = {} } = service.spec;
    const labels = labelsOf(set);
    const missing = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
    if (missing.length === 0) return [];
    return [
      warning({
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
      }),
    ];
  }),
};

/** The selector is so wide that Pods of another StatefulSet are peers, too. */
export const serviceSelectsOthers: PeerCheck = {
  id: 'service-selects-others',
  run: onService((service, { evidence: { snapshot, set } }) => {
    const { selector = {} } = service.spec;
    if (Object.keys(selector).length === 0) return [];
    const others = listOf(snapshot, 'sets').filter(
      (other) => other.metadata.uid !== set.metadata.uid && selects({ matchLabels: selector }, labelsOf(other)),
    );
    if (others.length === 0) return [];
    const which = names(others.map(({ metadata }) => metadata.name));
    return [
      warning({
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
      }),
    ];
  }),
};
