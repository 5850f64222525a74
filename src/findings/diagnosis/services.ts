import type { Severity } from '../../domain/finding.ts';
import type { Service, StatefulSet } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import { troubleOf } from '../../domain/readiness.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Draft } from '../check.ts';
import { mergePatch, names, seen, subjectOf } from '../draft.ts';
import {
  governingService,
  isHeadless,
  missingService,
  notHeadless,
  selectorMismatch,
  selectsOthers,
  unnamedPorts,
  withoutPorts,
  withoutSelector,
} from '../governing-service.ts';
import { PEERS } from '../raised-by-peers.ts';
import { serviceMissing } from '../service-missing.ts';
import { type Diagnosis, entryOf, ofSet } from './diagnosis.ts';
import { isLate } from './pod-not-ready.ts';
import { podsNotReady } from './pods.ts';

type OnService = (service: Service, set: StatefulSet, snapshot: Snapshot) => readonly Draft[];

/** What `peers` finds of the governing Service without asking DNS. */
const ON_SERVICE: readonly (readonly [id: string, severity: Severity, run: OnService])[] = [
  ['service-not-headless', 'warns', notHeadless],
  ['service-without-selector', 'warns', (service, set) => withoutSelector(service, set, undefined)],
  ['service-selector-mismatch', 'warns', selectorMismatch],
  ['service-selects-others', 'warns', selectsOthers],
  ['service-without-ports', 'notes', withoutPorts],
  ['service-port-unnamed', 'notes', unnamedPorts],
];

/**
 * Signature 30: Pods that wait for peers which have no names before they are Ready. Only likely, and only where a Pod waits: what its
 * readiness probe asks for, nobody but the application knows.
 */
const unreadyPeersHidden: readonly Diagnosis[] = PEERS.filter(({ id }) => id === 'unready-peers-hidden').map((entry) => ({
  ...entry,
  severity: 'warns',
  group: 'practice',
  needs: ['set', 'pods', 'services'],
  run: ofSet((set, snapshot) => {
    const service = governingService(snapshot, set);
    const waiting = podsNotReady(set, snapshot).filter((pod) => isLate(pod, snapshot.now) && pod.status.phase === 'Running');
    if (service === undefined || !isHeadless(service) || service.spec.publishNotReadyAddresses === true || replicasOf(set) < 2) return [];
    const quiet = waiting.filter((pod) => troubleOf(pod) === undefined);
    if (quiet.length === 0) return [];
    const { name } = service.metadata;
    const who = names(quiet.map(({ metadata }) => metadata.name));
    const patch = { spec: { publishNotReadyAddresses: true } };
    return [
      {
        grade: 'likely',
        subject: subjectOf('service', service),
        message: `${who} cannot be found by peers before ${quiet.length === 1 ? 'it is' : 'they are'} Ready: Service ${name} does not publish Pods that are not; if becoming Ready takes finding peers, they never form a cluster`,
        evidence: [seen(`service/${name}`, 'spec.publishNotReadyAddresses', false)],
        remedies: [mergePatch('service', name, patch, 'list Pods before they are Ready')],
      },
    ];
  }),
}));

/** Signatures 29 and 31: the Service that gives the Pods their names. */
export const GOVERNING_SERVICE: readonly Diagnosis[] = [
  {
    ...entryOf(serviceMissing),
    severity: 'warns',
    group: 'practice',
    needs: ['set', 'services'],
    run: ofSet(missingService),
  },
  ...ON_SERVICE.flatMap(([id, severity, run]): readonly Diagnosis[] =>
    PEERS.filter((entry) => entry.id === id).map((entry) => ({
      ...entry,
      severity,
      group: 'practice',
      needs: ['set', 'services', 'sets'],
      run: ofSet((set, snapshot) => {
        const service = governingService(snapshot, set);
        return service === undefined ? [] : run(service, set, snapshot);
      }),
    })),
  ),
  ...unreadyPeersHidden,
];
