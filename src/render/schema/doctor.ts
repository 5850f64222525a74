import { closed, diagnosed, document, list, optional, text } from './parts.ts';
import { health } from './status.ts';

export const doctor = document('DoctorReport', 'What is wrong with StatefulSets, and what helps', {
  sets: list(closed({ namespace: text(), name: text(), health: optional(health), reason: optional(text()) }), {
    description: 'Those that were examined',
  }),
  findings: list(diagnosed, {
    description: 'Errors (blocks) first, then warnings (warns), then infos (notes); causes before what follows',
  }),
  unknown: list(text({ description: 'What could not be read' })),
});
