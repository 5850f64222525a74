import { defaultClass } from '../domain/storage.ts';
import type { Check, Draft, Intent } from './check.ts';
import { missingTemplates } from './demand.ts';
import { known, kubectl, names, seen, subjectOf } from './draft.ts';

/**
 * Claims have to be created and nothing would provision them: their class does not exist, or they name none and there
 * is no default. They stay Pending, and the members with them, unless somebody made volumes by hand.
 */
export const storageClassMissing: Check = {
  id: 'storage-class-missing',
  needs: ['claims', 'storageClasses'],
  run(snapshot, intent) {
    const classes = known(snapshot, 'storageClasses');
    const claims = known(snapshot, 'claims');
    if (classes === undefined || claims === undefined) return [];
    const there = new Set(claims.map(({ metadata }) => metadata.name));
    const needed = new Set(intent.arriving.flatMap((ordinal) => missingTemplates(intent.set, ordinal, there)));
    return [...needed].flatMap((template) => {
      const wanted = template.spec.storageClassName;
      const found = wanted === undefined ? defaultClass(classes) !== undefined : classes.some(({ metadata }) => metadata.name === wanted);
      if (found || wanted === '') return [];
      const byHand = claims.some(({ spec, status }) => status.phase === 'Bound' && spec.storageClassName === wanted);
      return [
        draftOf(
          intent,
          template.metadata.name,
          wanted,
          classes.map(({ metadata }) => metadata.name),
          byHand ? 'likely' : 'proven',
        ),
      ];
    });
  },
};

function draftOf({ set }: Intent, template: string, wanted: string | undefined, classes: readonly string[], grade: Draft['grade']): Draft {
  const what =
    wanted === undefined ? 'no storage class, and the cluster has no default one' : `storage class ${wanted}, which does not exist`;
  return {
    grade,
    subject: subjectOf('statefulset', set),
    message: `new claims ${template} of ${set.metadata.name} name ${what}${classes.length === 0 ? '' : ` (there are ${names(classes)})`}`,
    evidence: [seen(`statefulset/${set.metadata.name}`, `spec.volumeClaimTemplates[${template}].spec.storageClassName`, wanted)],
    remedies: [
      kubectl('get', ['storageclass'], 'which there are'),
      ...(wanted === undefined && classes[0] !== undefined ? [makeDefault(classes[0])] : []),
    ],
  };
}

function makeDefault(name: string) {
  return kubectl(
    'annotate',
    ['storageclass', name, 'storageclass.kubernetes.io/is-default-class=true'],
    'if that is the one, make it the default',
  );
}
