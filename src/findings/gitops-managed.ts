import type { KubectlRemedy, Remedy } from '../domain/finding.ts';
import { type Manager, managersOf } from '../domain/managers.ts';
import type { Check } from './check.ts';
import { kubectl, mergePatch, subjectOf } from './draft.ts';

/** Argo CD, Flux or Helm keeps this set as some repository or chart says, and would put its own values back. */
export const gitopsManaged: Check = {
  id: 'gitops-managed',
  title: 'Argo CD, Flux or Helm manages the set',
  meaning:
    'The set bears the marks of a program that keeps it as a repository or a chart says: Argo CD and Flux put their values back by themselves, or create a deleted set again; Helm does so at the next upgrade. The label app.kubernetes.io/instance alone may be any chart’s, so it only makes it likely.',
  remedy: 'Make the change where the manifest comes from, or pause that program for the time (skip-reconcile, suspend).',
  source: 'Argo CD: resource tracking, skip-reconcile; Flux: Kustomization and HelmRelease, suspend; Helm: labels and annotations',
  override: 'allow',
  needs: ['set'],
  run(_snapshot, { set }) {
    return managersOf(set).map((manager) => ({
      grade: manager.certain ? 'proven' : 'likely',
      subject: subjectOf('statefulset', set),
      message: `${WHO[manager.actor]}${manager.source === undefined ? '' : ` (${manager.source.name})`} manages ${set.metadata.name} and ${WHAT[manager.actor]}`,
      evidence: manager.marks,
      remedies: pause(manager),
    }));
  },
};

const WHO: Readonly<Record<Manager['actor'], string>> = {
  'argo-cd': 'Argo CD',
  'flux-kustomize': "Flux's Kustomization",
  'flux-helm': "Flux's HelmRelease",
  helm: 'Helm',
};

const WHAT: Readonly<Record<Manager['actor'], string>> = {
  'argo-cd': 'would sync a change away, or create the set again after a delete',
  'flux-kustomize': 'would put its own manifest back at the next reconciliation',
  'flux-helm': 'would put the chart back at the next reconciliation or upgrade',
  helm: 'would overwrite the change at the next upgrade',
};

/** Where Argo CD's Applications live unless somebody chose otherwise. */
const ARGO_NAMESPACE = 'argocd';

/** How each actor is made to keep its hands off (semantics, section 1). Helm does nothing by itself. */
function pause({ actor, source }: Manager): readonly Remedy[] {
  if (source === undefined) return [];
  const { name, namespace } = source;
  const where = namespace === undefined ? [] : ['-n', namespace];
  const suspended = { spec: { suspend: true } };
  switch (actor) {
    case 'argo-cd':
      return [
        kubectl(
          'annotate',
          ['applications.argoproj.io', name, '-n', namespace ?? ARGO_NAMESPACE, 'argocd.argoproj.io/skip-reconcile=true', '--overwrite'],
          namespace === undefined
            ? 'its namespace is argocd unless yours is installed elsewhere; take it off afterwards'
            : 'take it off afterwards',
        ),
      ];
    case 'flux-kustomize':
      return [patched(mergePatch('kustomizations.kustomize.toolkit.fluxcd.io', name, suspended, 'resume it afterwards'), where)];
    case 'flux-helm':
      return [patched(mergePatch('helmreleases.helm.toolkit.fluxcd.io', name, suspended, 'resume it afterwards'), where)];
    case 'helm':
      return [];
  }
}

function patched(remedy: KubectlRemedy, where: readonly string[]): Remedy {
  return { ...remedy, args: [...remedy.args, ...where] };
}
