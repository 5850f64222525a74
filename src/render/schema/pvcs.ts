import { PVC_CLASSES } from '../../pvcs/pvc.ts';
import { closed, document, evidence, list, number, oneOf, optional, text, time } from './parts.ts';

const pvcClass = oneOf(...PVC_CLASSES);

export const pvcList = document('PvcList', 'PVCs and what they are to StatefulSets: pvc list, pvc orphans', {
  items: list(
    closed({
      namespace: text(),
      name: text(),
      uid: text(),
      class: pvcClass,
      reason: text({ description: 'The rest of a sentence that begins with the name of the PVC' }),
      evidence: list(evidence),
      set: optional(text({ description: 'The StatefulSet that generates the name, where exactly one does or did' })),
      ordinal: optional(number()),
      phase: text({ description: 'Terminating from its deletion on' }),
      volume: optional(text()),
      reclaimPolicy: optional(text({ description: 'Of the volume' })),
      size: optional(text({ description: 'Capacity, or the request of a PVC that has none yet' })),
      storageClass: optional(text()),
      created: optional(time('Created')),
      hazards: list(text({ description: 'What could cost its data, or keep a deletion from ending' })),
    }),
  ),
  totals: list(closed({ class: pvcClass, count: number(), size: text() })),
  unread: list(text({ description: 'What could not be read' })),
});

export const volumeList = document('VolumeList', 'PersistentVolumes that no PVC is bound to: pvc list --released', {
  items: list(
    closed({
      name: text(),
      namespace: text({ description: 'Of the PVC' }),
      pvc: text(),
      phase: text({ description: 'Available: reserved for the next PVC of that name' }),
      reclaimPolicy: text(),
      size: optional(text()),
      storageClass: optional(text()),
      state: oneOf('retired', 'protected', 'released'),
      by: optional(text({ description: 'user@host' })),
      since: optional(time('Marked')),
      reason: optional(text()),
    }),
  ),
});
