import type { StatefulSet } from '../domain/kube.ts';
import type { OperationName } from '../domain/stored.ts';
import type { Intent } from '../findings/check.ts';

/** What an operation does that changes no StatefulSet: its checks look at the snapshot alone. */
export function setless(operation: OperationName): Intent {
  const set: StatefulSet = {
    metadata: { name: '', uid: '', resourceVersion: '' },
    spec: { selector: {}, template: { spec: { containers: [] } } },
    status: {},
  };
  return { operation, set, leaving: [], arriving: [], staying: [] };
}
