import Type, { type Static } from 'typebox';
import { isObject } from '../../domain/kube.ts';
import { gateOptions } from '../gates.ts';
import { MILLISECONDS } from '../timeouts.ts';

const points = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

/** How a rollout goes, whatever it rolls out; stored in its archive, so that whoever resumes it plans the same. */
export const pace = {
  steps: points('How many Pods run the new revision after each step: 1, 50%, 100%'),
  pauseAt: points('Steps after which it pauses'),
  soak: Type.Optional(
    Type.String({ pattern: MILLISECONDS, description: 'How long each updated Pod must stay Ready without a restart before the next' }),
  ),
  restartBudget: Type.Optional(Type.Integer({ minimum: 0, description: 'Restarts that each updated Pod may have; default 3' })),
  ...gateOptions,
  lost: Type.Optional(
    Type.Array(Type.String(), { description: 'What the running Pods need and is gone, such as serviceaccount/db', incidental: 'found' }),
  ),
  template: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'The new Pod template as the server stores it', incidental: 'found' }),
  ),
};

export const startOptions = Type.Object({
  image: Type.Optional(Type.Array(Type.String(), { description: 'CONTAINER=IMAGE' })),
  patch: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Strategic merge patch of spec.template', file: 'patchFile' }),
  ),
  manifest: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'StatefulSet whose spec.template it gets', file: 'filename' }),
  ),
  ...pace,
});
export type StartOptions = Readonly<Static<typeof startOptions>>;

type Raw = Readonly<Record<string, unknown>>;

/** What is wrong with a patch: a rollout is about the Pod template; whatever else a patch has would be changed without a plan. */
export function faultOfPatch(patch: Raw): string | undefined {
  const spec = patch['spec'];
  const others = [
    ...Object.keys(patch).filter((key) => key !== 'spec'),
    ...(isObject(spec)
      ? Object.keys(spec)
          .filter((key) => key !== 'template')
          .map((key) => `spec.${key}`)
      : []),
  ];
  if (others.length > 0) return `changes ${others.join(', ')}: a rollout changes spec.template only`;
  return hasTemplate(spec) ? undefined : 'has no spec.template';
}

/** What is wrong with a manifest; of one that is its spec alone, whose it is is not said. */
export function faultOfManifest(manifest: Raw, name: string): string | undefined {
  const { kind, metadata, spec } = manifest;
  const isWhole = kind !== undefined || metadata !== undefined;
  if (isWhole && (kind !== 'StatefulSet' || !isObject(metadata))) return 'is not the manifest of a StatefulSet';
  if (isObject(metadata) && metadata['name'] !== name) return `is the manifest of ${String(metadata['name'])}, not of ${name}`;
  return hasTemplate(spec) ? undefined : 'has no spec.template';
}

const hasTemplate = (spec: unknown): boolean => isObject(spec) && isObject(spec['template']);

export const undoOptions = Type.Object({
  toRevision: Type.Optional(Type.Integer({ minimum: 1, description: 'Number of the revision to restore; default the one before' })),
  ...pace,
});
export type UndoOptions = Readonly<Static<typeof undoOptions>>;

export const restartOptions = Type.Object({ ...pace });
export type RestartOptions = Readonly<Static<typeof restartOptions>>;

/** What the plan of every rollout reads. */
export type Pace = RestartOptions;

/** Milliseconds. */
export function soakOf({ soak }: Pace): number {
  return soak === undefined ? 0 : Number.parseInt(soak, 10);
}

export function restartsOf({ restartBudget }: Pace): number {
  return restartBudget ?? 3;
}
