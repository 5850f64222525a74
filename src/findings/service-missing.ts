import type { Check } from './check.ts';
import { known, kubectl, seen, subjectOf } from './draft.ts';

/**
 * The governing Service is not there and the archive has none: members get no DNS names of their own, and a cluster
 * whose readiness needs its peers does not come up.
 */
export const serviceMissing: Check = {
  id: 'service-missing',
  title: 'The governing Service is missing',
  meaning:
    'The set names a Service that does not exist and is not in the archive. Members then have no DNS names of their own; software that finds its peers by name does not form its cluster.',
  remedy: 'Create the headless Service first, with the set’s selector and named ports.',
  source: 'kubernetes.io: StatefulSets, "Stable Network ID"',
  override: 'allow',
  needs: ['services'],
  run(snapshot, { set, archive }) {
    const wanted = set.spec.serviceName ?? '';
    const services = known(snapshot, 'services');
    if (wanted === '' || services === undefined || services.some(({ metadata }) => metadata.name === wanted)) return [];
    if (archivedServiceName(archive?.service) === wanted) return [];
    return [
      {
        grade: 'proven',
        subject: subjectOf('service', { metadata: { ...set.metadata, name: wanted } }),
        message: `Service ${wanted}, which gives the members of ${set.metadata.name} their names, does not exist and is not in the archive`,
        evidence: [
          seen(`statefulset/${set.metadata.name}`, 'spec.serviceName', wanted),
          seen(`service/${wanted}`, 'metadata.name', undefined),
        ],
        remedies: [
          kubectl(
            'create',
            ['service', 'clusterip', wanted, '--clusterip=None'],
            'headless; then give it the selector and named ports of the set',
          ),
        ],
      },
    ];
  },
};

function archivedServiceName(service: Readonly<Record<string, unknown>> | undefined): unknown {
  const metadata = service?.['metadata'];
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
}
