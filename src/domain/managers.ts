import type { Evidence } from './finding.ts';
import type { StatefulSet } from './kube.ts';
import { FIELD_MANAGER } from './verbs.ts';

/** Who keeps a set as a repository or a chart says (semantics, section 1, "Who fights a change"). */
export interface Manager {
  readonly actor: 'argo-cd' | 'flux-kustomize' | 'flux-helm' | 'helm';
  /** A mark that only this actor leaves; labels that charts set for themselves leave a doubt. */
  readonly certain: boolean;
  /** The Application, Kustomization, HelmRelease or release that the marks name. */
  readonly source?: { readonly name: string; readonly namespace?: string };
  readonly marks: readonly Evidence[];
}

/** The field manager of the newest write by another client, as far as the set says (managedFields; status writes apart). */
export function lastWriterOf({ metadata }: StatefulSet): string | undefined {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => subresource === undefined && manager !== FIELD_MANAGER,
  );
  return others.toSorted((a, b) => Date.parse(b.time ?? '') - Date.parse(a.time ?? ''))[0]?.manager;
}

const TRACKING = 'argocd.argoproj.io/tracking-id';
const INSTANCE = 'app.kubernetes.io/instance';
const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io';
const FLUX_HELM = 'helm.toolkit.fluxcd.io';
const RELEASE = 'meta.helm.sh/release-name';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** Every actor whose marks the set bears: labels, annotations, and managers of its fields. */
export function managersOf(set: StatefulSet): readonly Manager[] {
  const flux = fluxHelm(set);
  const helm = flux === undefined ? plainHelm(set) : undefined;
  return [argo(set, helm !== undefined || flux !== undefined), fluxKustomize(set), flux, helm].filter((manager) => manager !== undefined);
}

/** `app:apps/StatefulSet:ns/name`; an Application outside Argo CD's own namespace reads `ns_app`. */
function argo(set: StatefulSet, chart: boolean): Manager | undefined {
  const id = annotation(set, TRACKING);
  const instance = label(set, INSTANCE);
  const managed = fieldManager(set, 'argocd-controller');
  const certain = id.length + managed.length > 0;
  // Charts set the instance label on everything: beside Helm's own marks it says nothing.
  if (!certain && (instance.length === 0 || chart)) return undefined;
  const [namespace, name] = split(valueOf(id)?.split(':')[0] ?? valueOf(instance));
  return { actor: 'argo-cd', certain, ...sourceOf(name, namespace), marks: [...id, ...instance, ...managed] };
}

function split(app: string | undefined): readonly [string | undefined, string | undefined] {
  const at = app?.indexOf('_') ?? -1;
  return app === undefined || at < 0 ? [undefined, app] : [app.slice(0, at), app.slice(at + 1)];
}

/** A set that carries Flux's opt-out is left alone. */
function fluxKustomize(set: StatefulSet): Manager | undefined {
  if (set.metadata.annotations?.[`${KUSTOMIZE}/reconcile`] === 'disabled') return undefined;
  const name = label(set, `${KUSTOMIZE}/name`);
  const marks = [...name, ...label(set, `${KUSTOMIZE}/namespace`), ...fieldManager(set, 'kustomize-controller')];
  if (marks.length === 0) return undefined;
  const namespace = set.metadata.labels?.[`${KUSTOMIZE}/namespace`];
  return { actor: 'flux-kustomize', certain: true, ...sourceOf(valueOf(name), namespace), marks };
}

function fluxHelm(set: StatefulSet): Manager | undefined {
  const name = label(set, `${FLUX_HELM}/name`);
  const marks = [...name, ...label(set, `${FLUX_HELM}/namespace`), ...fieldManager(set, 'helm-controller')];
  if (marks.length === 0) return undefined;
  const namespace = set.metadata.labels?.[`${FLUX_HELM}/namespace`];
  return { actor: 'flux-helm', certain: true, ...sourceOf(valueOf(name), namespace), marks };
}

function plainHelm(set: StatefulSet): Manager | undefined {
  const release = annotation(set, RELEASE);
  const by = label(set, MANAGED_BY).filter(({ value }) => value === 'Helm');
  const managed = fieldManager(set, 'helm');
  const marks = [...release, ...by, ...managed];
  if (marks.length === 0) return undefined;
  return { actor: 'helm', certain: release.length + managed.length > 0, ...sourceOf(valueOf(release)), marks };
}

function sourceOf(name: string | undefined, namespace?: string): Pick<Manager, 'source'> {
  if (name === undefined) return {};
  return { source: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

function valueOf(marks: readonly Evidence[]): string | undefined {
  return marks[0]?.value;
}

function label(set: StatefulSet, key: string): readonly Evidence[] {
  return mark(set, `metadata.labels[${key}]`, set.metadata.labels?.[key]);
}

function annotation(set: StatefulSet, key: string): readonly Evidence[] {
  return mark(set, `metadata.annotations[${key}]`, set.metadata.annotations?.[key]);
}

function fieldManager(set: StatefulSet, manager: string): readonly Evidence[] {
  const entry = set.metadata.managedFields?.find((candidate) => candidate.manager === manager && candidate.subresource !== 'status');
  return mark(set, 'metadata.managedFields[].manager', entry?.manager);
}

function mark(set: StatefulSet, field: string, value: string | undefined): readonly Evidence[] {
  return value === undefined ? [] : [{ object: `statefulset/${set.metadata.name}`, field, value }];
}
