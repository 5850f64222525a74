import type { Pvc, PvcClass } from '../pvcs/pvc.ts';
import type { Draft, Intent } from './check.ts';
import { seen } from './draft.ts';

/** A finding for each PVC that is to be taken away and is of this class. */
export function pvcsOfClass(one: PvcClass, { pvcs = [] }: Intent): readonly Draft[] {
  return pvcs.filter((pvc) => pvc.class === one).map(draftOf);
}

function draftOf(pvc: Pvc): Draft {
  return {
    grade: pvc.class === 'unknown' ? 'unknown' : 'proven',
    subject: { kind: 'persistentvolumeclaim', name: pvc.name, namespace: pvc.namespace },
    message: `PVC ${pvc.name} ${saying(pvc)}`,
    evidence: pvc.evidence.length > 0 ? pvc.evidence : [seen(`persistentvolumeclaim/${pvc.name}`, 'class', pvc.class)],
    remedies: [],
  };
}

/** Reasons that begin with the StatefulSet's name are sentences of their own. */
function saying({ class: name, reason }: Pvc): string {
  return reason.startsWith('StatefulSet ') ? `is ${name.replace('-', ' ')}: ${reason}` : reason;
}
