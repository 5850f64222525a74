import type { StatefulSet } from '../domain/kube.ts';
import { claimOrdinal, ordinalsOf } from '../domain/naming.ts';
import { awaitedClaims, userOf } from './awaited-claims.ts';
import type { Check, Intent } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** A claim that the archive promises is gone: the member would come up with a new, empty one. */
export const claimMissing: Check = {
  id: 'claim-missing',
  title: 'A PVC that the archive promises is gone',
  meaning:
    'It was there when the archive was written. The restored member would get a new, empty one: many databases then join as new members, or take the emptiness for the truth.',
  remedy: 'If its volume is still there (Released, retained), bind it to a PVC of that name first.',
  source: 'the archive’s list of PVCs',
  override: 'allow',
  needs: ['claims'],
  run(snapshot, intent) {
    const found = awaitedClaims(snapshot, intent)?.map((claim) => claim.metadata.name);
    if (found === undefined || intent.archive === undefined) return [];
    return intent.archive.claims
      .filter(({ name }) => !found.includes(name))
      .map(({ name, uid, volume }) => ({
        grade: 'proven',
        subject: subjectOf('persistentvolumeclaim', { metadata: { ...intent.set.metadata, name } }),
        message: `${name} ${fateOf(intent)}${consequence(intent, name)}`,
        evidence: [
          seen(`archive/${intent.archive?.name}`, `claims[${name}].uid`, uid),
          seen(`persistentvolumeclaim/${name}`, 'metadata.uid', undefined),
        ],
        remedies:
          volume === undefined
            ? []
            : [kubectl('get', ['persistentvolume', volume], `${whereLeft(intent)}, bind it to a PVC of that name first`)],
      }));
  },
};

/** The deletion that wrote the archive may itself have deleted the PVC, and with it the volume unless that is retained. */
function isDoomed({ archive }: Intent): boolean {
  return archive?.options['deleteClaims'] === true;
}

function fateOf(intent: Intent): string {
  return isDoomed(intent)
    ? 'is gone: this delete was to delete it (--delete-claims)'
    : 'was there when the archive was written and is gone';
}

function whereLeft(intent: Intent): string {
  return isDoomed(intent) ? 'it is left only if its reclaim policy was Retain: then' : 'if it is Released and retained';
}

/** A claim that no member of the archived set mounts was parked: then data is lost, but nobody starts without it. */
function consequence(intent: Intent, name: string): string {
  const ordinal = claimOrdinal(intent.set, name);
  const archived = intent.archive?.manifest as unknown as StatefulSet;
  const isMember = ordinal === undefined || intent.arriving.includes(ordinal) || ordinalsOf(archived).includes(ordinal);
  return isMember ? `${isDoomed(intent) ? ';' : ':'} ${userOf(intent, name)} would come up empty` : '; no member uses it';
}
