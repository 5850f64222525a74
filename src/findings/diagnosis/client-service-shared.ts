import { selects } from '../../domain/selector.ts';
import { known, mergePatch, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Practice: clients of one set reach Pods of another. */
export const clientServiceShared: Diagnosis = {
  id: 'client-service-shared',
  title: 'A Service sends requests to Pods of two StatefulSets',
  meaning:
    'The selector of a Service matches the Pods of this StatefulSet and of another one, so clients reach either: a copy of a manifest whose labels were not changed is the usual reason. Writes then go to the wrong database.',
  remedy: 'Narrow the selector to labels that only the Pods of one StatefulSet have.',
  source: 'kubernetes.io: Services',
  override: 'never',
  severity: 'warns',
  group: 'practice',
  needs: ['set', 'services', 'sets'],
  run: ofSet((set, snapshot) => {
    const sets = known(snapshot, 'sets') ?? [];
    return (known(snapshot, 'services') ?? [])
      .filter(({ metadata }) => metadata.name !== set.spec.serviceName)
      .flatMap((service) => {
        const { selector = {} } = service.spec;
        const matchLabels = { matchLabels: selector };
        if (Object.keys(selector).length === 0 || !selects(matchLabels, set.spec.template.metadata?.labels)) return [];
        const others = sets.filter(
          ({ metadata, spec }) => metadata.uid !== set.metadata.uid && selects(matchLabels, spec.template.metadata?.labels),
        );
        if (others.length === 0) return [];
        const { name } = service.metadata;
        return [
          {
            grade: 'proven',
            subject: subjectOf('service', service),
            message: `Service ${name} selects Pods of ${set.metadata.name} and of ${names(others.map(({ metadata }) => metadata.name))}: clients reach either`,
            evidence: [
              seen(
                `service/${name}`,
                'spec.selector',
                Object.entries(selector)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(','),
              ),
            ],
            remedies: [
              mergePatch(
                'service',
                name,
                { spec: { selector: set.spec.selector.matchLabels ?? {} } },
                `if it is for ${set.metadata.name} alone`,
              ),
            ],
          },
        ];
      });
  }),
};
