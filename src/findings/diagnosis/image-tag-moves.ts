import { names, seen, subjectOf } from '../draft.ts';
import { isMoving, mutableImageTag } from '../mutable-image-tag.ts';
import { type Diagnosis, entryOf, ofSet } from './diagnosis.ts';

/** Practice: a Pod that is restarted may run another image than its peers. */
export const imageTagMoves: Diagnosis = {
  ...entryOf(mutableImageTag),
  severity: 'notes',
  group: 'practice',
  needs: ['set'],
  run: ofSet((set) => {
    const { containers, initContainers = [] } = set.spec.template.spec;
    const moving = [...initContainers, ...containers].filter(({ image }) => image !== undefined && isMoving(image));
    if (moving.length === 0) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `the Pod template of ${name} names ${names(moving.map(({ image = '' }) => image))}, which may be another image for the next Pod`,
        evidence: moving.map((one) => seen(`statefulset/${name}`, `spec.template.spec.containers[${one.name}].image`, one.image)),
        remedies: [],
      },
    ];
  }),
};
