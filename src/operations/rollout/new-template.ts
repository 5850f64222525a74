import { ApiError, CannotError, RefusedError, UsageError } from '../../domain/errors.ts';
import type { ControllerRevision, Json, PodSpec, StatefulSet } from '../../domain/kube.ts';
import { pathOf } from '../../domain/object-ref.ts';
import { templateIn } from '../../domain/revisions.ts';
import { listOf, sliceOf, subjectOf } from '../../domain/snapshot.ts';
import type { ApiVerbs } from '../../domain/verbs.ts';
import type { PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { faultOfManifest, faultOfPatch, type StartOptions, type UndoOptions } from './options.ts';

type Template = Readonly<Record<string, unknown>>;

/** What a rollout makes of the Pod template: another one, or a strategic merge patch that only the server resolves. */
export type TemplateEdit = { readonly template: Template } | { readonly patch: Readonly<Record<string, unknown>> };

/** The new template as the server will store it, with its defaults and what admission adds: what is compared, shown and written. */
export async function resolved(
  edit: TemplateEdit,
  { snapshot }: PlanInput<unknown>,
  verbs: ApiVerbs,
): Promise<{ readonly template: Template }> {
  const set = liveSet(snapshot);
  const path = pathOf(subjectOf(snapshot.target));
  const { uid } = set.metadata;
  try {
    const stored = ('patch' in edit
      ? await verbs.strategicPatch(path, { ...edit.patch, metadata: { uid } })
      : await verbs.jsonPatch(path, [
          { op: 'test', path: '/metadata/uid', value: uid },
          { op: 'replace', path: '/spec/template', value: edit.template as Json },
        ])) as unknown as StatefulSet;
    return { template: stored.spec.template as unknown as Template };
  } catch (error) {
    // What the user may not do is told with all other permissions, and what admission denies with the change itself.
    if (error instanceof ApiError && isDenied(error) && 'template' in edit) return { template: edit.template };
    if (error instanceof ApiError && error.status === 422 && error.admission === undefined)
      throw new RefusedError(`the API server rejects the new Pod template: ${error.message}`);
    throw error;
  }
}

function isDenied({ status, admission }: ApiError): boolean {
  return admission !== undefined || status === 403;
}

/**
 * What `rollout start` was asked to change.
 * @throws CannotError for a container that there is not, UsageError for a patch or manifest of something else (in a runbook, no
 * command line has checked it)
 */
export function startEdit({ snapshot, options: { image = [], patch, manifest } }: PlanInput<StartOptions>): TemplateEdit {
  const fault = (patch && faultOfPatch(patch)) ?? (manifest && faultOfManifest(manifest, snapshot.target.name));
  if (fault !== undefined) throw new UsageError(`the ${patch === undefined ? 'manifest' : 'patch'} ${fault}`);
  if (patch !== undefined) return { patch };
  const live = templateOf(liveSet(snapshot));
  if (manifest !== undefined) return { template: (manifest['spec'] as { readonly template: Template }).template };
  return { template: withImages(live, new Map(image.map(split))) };
}

function split(image: string): readonly [string, string] {
  const at = image.indexOf('=');
  return [image.slice(0, at), image.slice(at + 1)];
}

function withImages(template: Template, images: ReadonlyMap<string, string>): Template {
  const spec = template['spec'] as PodSpec;
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  const unknown = [...images.keys()].find((name) => name !== '*' && !all.includes(name));
  if (unknown !== undefined)
    throw new CannotError(`there is no container ${unknown} in the Pod template`, `its containers: ${all.join(', ')}`);
  const imaged = <T extends { readonly name: string }>(container: T): T => {
    const image = images.get(container.name) ?? images.get('*');
    return image === undefined ? container : { ...container, image };
  };
  return {
    ...template,
    spec: {
      ...spec,
      containers: spec.containers.map(imaged),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(imaged) }),
    },
  };
}

/**
 * The mark that `rollout restart` puts on the template. Not the time, as kubectl does: the plan that was looked at is the one that
 * runs, and the revision that is restarted makes it another one just as well.
 */
export const RESTARTED = 'sts-safe.dev/restarted-from';

export function restartEdit({ snapshot }: PlanInput<unknown>): TemplateEdit {
  const set = liveSet(snapshot);
  const template = templateOf(set);
  const metadata = (template['metadata'] ?? {}) as { readonly annotations?: Readonly<Record<string, string>> };
  const annotations = { ...metadata.annotations, [RESTARTED]: set.status.updateRevision ?? '' };
  return { template: { ...template, metadata: { ...metadata, annotations } } };
}

/**
 * The template of an earlier revision.
 * @throws CannotError where it is gone, or there is none
 */
export function undoEdit(input: PlanInput<UndoOptions>): TemplateEdit {
  const { toRevision } = input.options;
  const set = liveSet(input.snapshot);
  const all = revisionsOf(set, listOf(input.snapshot, 'revisions')).map(({ revision }) => revision);
  const wanted = wantedRevision(input);
  const template = wanted === undefined ? undefined : templateIn(wanted);
  if (template !== undefined) return { template: template as unknown as Template };
  if (wanted !== undefined)
    throw new CannotError(`revision ${wanted.revision} (ControllerRevision ${wanted.metadata.name}) cannot be read`);
  throw new CannotError(
    toRevision === undefined ? 'there is no earlier revision' : `revision ${toRevision} is gone`,
    `revisions of StatefulSet ${set.metadata.name}: ${all.join(', ') || 'none'}`,
  );
}

/** The one that was asked for, else the newest before the one that is rolled out. */
export function wantedRevision({
  snapshot,
  options: { toRevision },
}: Pick<PlanInput<UndoOptions>, 'snapshot' | 'options'>): ControllerRevision | undefined {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return undefined;
  const all = revisionsOf(set.value, listOf(snapshot, 'revisions'));
  if (toRevision !== undefined) return all.find(({ revision }) => revision === toRevision);
  const present = all.find(({ metadata }) => metadata.name === set.value.status.updateRevision);
  return all.findLast(({ revision }) => present === undefined || revision < present.revision);
}

/** Revisions of a set, the oldest first. */
export function revisionsOf({ metadata: { uid } }: StatefulSet, all: readonly ControllerRevision[]): readonly ControllerRevision[] {
  return all
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true)
    .toSorted((a, b) => a.revision - b.revision);
}

export function templateOf(set: StatefulSet): Template {
  return set.spec.template;
}
