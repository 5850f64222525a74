import { foreignFinalizers } from '../domain/finalizers.ts';
import type { KubeObject } from '../domain/kube.ts';
import type { Draft } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** What all findings about finalizers show. */
export function aboutFinalizers(kind: string, object: KubeObject, message: string): Draft {
  const { name } = object.metadata;
  return {
    grade: 'proven',
    subject: subjectOf(kind, object),
    message,
    evidence: [seen(`${kind}/${name}`, 'metadata.finalizers', foreignFinalizers(object).join(', '))],
    remedies: [
      kubectl('get', [kind, name, '-o', 'yaml', '--show-managed-fields'], 'who put the finalizer there, and whether that still runs'),
    ],
  };
}
