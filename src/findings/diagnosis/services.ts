import type { Severity } from '../../domain/finding.ts';
import type { Service, StatefulSet } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Draft } from '../check.ts';
import {
  governingService,
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
];
