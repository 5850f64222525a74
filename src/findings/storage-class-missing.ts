import type { StorageClass, Volume } from '../domain/kube.ts';
import { defaultClass } from '../domain/storage.ts';
import { classOf, type WantedClaim, withoutVolume } from '../domain/waiting-volumes.ts';
import type { Check, Draft, Intent } from './check.ts';
import { missingTemplates, type Template } from './demand.ts';
import { known, kubectl, names, seen, subjectOf } from './draft.ts';

/** What the class of volumes that somebody makes by hand names (kubernetes.io: Storage Classes, local). */
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/**
 * PVCs have to be created, nothing provisions volumes for them, and no volume waits: then they stay Pending, and the Pods
 * with them. The class matters for provisioning alone: where volumes made by hand wait it need not even exist.
 */
export const storageClassMissing: Check = {
  id: 'storage-class-missing',
  title: 'No volumes for the new PVCs',
  meaning:
    'Nothing provisions volumes for them: their StorageClass does not exist or has no provisioner, or they name none and the cluster has no default. And fewer Available PersistentVolumes fit (class, size, access modes, volume mode, selector) than are needed. PVCs and Pods stay Pending. Where PersistentVolumes may not be listed, this is not checked.',
  remedy:
    'Create PersistentVolumes, the StorageClass, or a default. The class in a StatefulSet’s PVC template cannot be changed; PVCs created by hand under the right names can have another.',
  source: 'component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume); pkg/volume/util/storageclass.go (GetDefaultClass)',
  override: 'allow',
  needs: ['claims', 'storageClasses', 'volumes'],
  run(snapshot, intent) {
    const [claims, classes, volumes] = [known(snapshot, 'claims'), known(snapshot, 'storageClasses'), known(snapshot, 'volumes')];
    if (claims === undefined || classes === undefined || volumes === undefined) return [];
    const there = new Set(claims.map(({ metadata }) => metadata.name));
    const needed = intent.arriving.flatMap((ordinal) =>
      missingTemplates(intent.set, ordinal, there).flatMap((template) => {
        const why = whyNotProvisioned(template, classes);
        return why === undefined ? [] : [{ template, why, claim: claimFrom(template, ordinal, intent) }];
      }),
    );
    const lacking = new Set(
      withoutVolume(
        needed.map(({ claim }) => claim),
        volumes,
      ),
    );
    const byTemplate = Map.groupBy(
      needed.filter(({ claim }) => lacking.has(claim)),
      ({ template }) => template,
    );
    return [...byTemplate].map(([template, rows]) => {
      const claimNames = rows.map(({ claim }) => claim.name);
      return draftOf(intent, template, `no volume for ${names(claimNames)}: ${rows[0]?.why ?? ''}`, classes, volumes);
    });
  },
};

function claimFrom({ metadata, spec }: Template, ordinal: number, { set }: Intent): WantedClaim {
  return { namespace: set.metadata.namespace ?? '', name: `${metadata.name}-${set.metadata.name}-${ordinal}`, spec };
}

/** Why nothing makes volumes for PVCs of this template; undefined where something does. */
function whyNotProvisioned({ spec }: Template, classes: readonly StorageClass[]): string | undefined {
  const wanted = spec.storageClassName ?? defaultClass(classes)?.metadata.name;
  if (wanted === undefined)
    return 'the template names no StorageClass and the cluster has no default, and no Available PersistentVolume fits';
  if (wanted === '') return 'storageClassName "" turns provisioning off, and no Available PersistentVolume without a class fits';
  const found = classes.find(({ metadata }) => metadata.name === wanted);
  const fits = 'and no Available PersistentVolume of that class fits';
  if (found === undefined) return `StorageClass ${wanted} does not exist${existing(classes)}, ${fits}`;
  return found.provisioner === NO_PROVISIONER ? `StorageClass ${wanted} does not provision volumes, ${fits}` : undefined;
}

function existing(classes: readonly StorageClass[]): string {
  return classes.length === 0 ? '' : ` (there are ${names(classes.map(({ metadata }) => metadata.name))})`;
}

function draftOf(
  { set }: Intent,
  { metadata, spec }: Template,
  message: string,
  classes: readonly StorageClass[],
  volumes: readonly Volume[],
): Draft {
  const wanted = spec.storageClassName;
  const waiting = volumes.filter((volume) => volume.status.phase === 'Available' && classOf(volume) === (wanted ?? ''));
  return {
    grade: 'proven',
    subject: subjectOf('statefulset', set),
    message,
    evidence: [
      seen(`statefulset/${set.metadata.name}`, `spec.volumeClaimTemplates[${metadata.name}].spec.storageClassName`, wanted),
      ...waiting
        .slice(0, 5)
        .map((volume) => seen(`persistentvolume/${volume.metadata.name}`, 'spec.capacity[storage]', volume.spec.capacity?.['storage'])),
    ],
    remedies: [
      kubectl('get', ['storageclass,persistentvolume'], 'which there are'),
      ...(wanted === undefined && classes[0] !== undefined ? [makeDefault(classes[0].metadata.name)] : []),
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
