import type { Transport } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import { ApiError } from '../domain/errors.ts';
import type { Claim, StatefulSet, Volume } from '../domain/kube.ts';
import { claimOrdinal } from '../domain/naming.ts';
import { collectionOf } from '../domain/object-ref.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { PROTECTED, protectedMarkOf, QUARANTINED, quarantineMarkOf, RETIRED, retiredMarkOf, type Stamp } from '../domain/volume-marks.ts';
import { commandLine } from '../plan/commandline.ts';
import type { LivingSets, OpenItem, Scope } from './open-operations.ts';

/** What `pvc retire` and `pvc protect` keep, as far as PersistentVolumes may be listed. */
export interface Kept {
  readonly items: readonly OpenItem[];
  /** Why there may be more. */
  readonly unseen?: string;
}

/** PVCs that wait for their retirement. */
export function quarantinedClaims(scope: Scope, transport: Transport): Promise<Kept> {
  return asFarAsAllowed(() => quarantined(scope, transport));
}

async function quarantined(scope: Scope, transport: Transport): Promise<readonly OpenItem[]> {
  const path = collectionOf('persistentvolumeclaims', scope.namespace);
  const decode = (raw: unknown): Claim => raw as Claim;
  const { items } = await listAll(transport, { path, labelSelector: QUARANTINED, metadataOnly: true, decode });
  return items.map((claim) => {
    const { name, namespace = '' } = claim.metadata;
    const unlabel = { do: 'kubectl', args: ['label', 'pvc', name, `${QUARANTINED}-`] } as const;
    return {
      namespace,
      pvc: name,
      what: 'quarantined-pvc',
      ...stampOf(quarantineMarkOf(claim) ?? {}),
      cancelCommand: commandLine(unlabel, { namespace, flags: scope.flags }),
    };
  });
}

/** By their labels: one list finds all of either kind. */
export function keptVolumes(scope: Scope, sets: LivingSets, transport: Transport): Promise<Kept> {
  return asFarAsAllowed(async () => {
    const [retired, guarded] = await Promise.all([RETIRED, PROTECTED].map((label) => labelled(label, scope, transport)));
    const living = guarded === undefined || guarded.length === 0 ? [] : await sets();
    return [...(retired ?? []).flatMap((volume) => retiredItem(volume, scope)), ...protectedItems(guarded ?? [], living, scope)];
  });
}

async function asFarAsAllowed(list: () => Promise<readonly OpenItem[]>): Promise<Kept> {
  try {
    return { items: await list() };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    return { items: [], unseen: error.message };
  }
}

async function labelled(labelSelector: string, { namespace }: Scope, transport: Transport): Promise<readonly Volume[]> {
  const decode = (raw: unknown): Volume => raw as Volume;
  const { items } = await listAll(transport, { path: collectionOf('persistentvolumes', undefined), labelSelector, decode });
  return items.filter(({ spec }) => namespace === undefined || spec.claimRef?.namespace === namespace);
}

function retiredItem(volume: Volume, { flags }: Scope): readonly OpenItem[] {
  const mark = retiredMarkOf(volume);
  if (mark === undefined) return [];
  const { namespace, name: pvc } = mark;
  const place = { namespace, flags };
  const pv = volume.metadata.name;
  const isBound = volume.status.phase === 'Bound' && volume.spec.claimRef?.uid !== mark.uid;
  const purge = commandLine({ operation: 'pvc purge', name: pvc, options: { pv } }, place);
  return [
    {
      namespace,
      pvc,
      what: 'retired-pvc',
      volume: pv,
      ...stampOf(mark),
      resumeCommand: commandLine({ operation: 'pvc restore', name: pvc, options: { pv } }, place),
      // The set has its data again: only the reclaim policy is left to restore.
      ...(isBound ? {} : { cancelCommand: purge }),
    },
  ];
}

/** One for each living set, and one for each volume of those that are gone. */
function protectedItems(volumes: readonly Volume[], sets: readonly Snapshot[], { flags }: Scope): readonly OpenItem[] {
  const living = sets.flatMap((snapshot) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' ? [set.value] : [];
  });
  const groups = Map.groupBy(volumes, (volume) => {
    const { namespace = '', name = '' } = volume.spec.claimRef ?? {};
    const set = living.find((one) => isOf(one, namespace, name));
    return JSON.stringify({ namespace, ...(set === undefined ? { pvc: name } : { set: set.metadata.name }) });
  });
  return [...groups].map(([key, [first]]) => {
    const about = JSON.parse(key) as Pick<OpenItem, 'namespace' | 'set' | 'pvc'>;
    const place = { namespace: about.namespace, flags };
    const unprotect =
      about.set === undefined ? {} : { cancelCommand: commandLine({ operation: 'pvc unprotect', name: about.set, options: {} }, place) };
    return {
      ...about,
      what: 'protected-volumes',
      ...stampOf((first === undefined ? undefined : protectedMarkOf(first)) ?? {}),
      ...unprotect,
    };
  });
}

function isOf(set: StatefulSet, namespace: string, claim: string): boolean {
  return set.metadata.namespace === namespace && claimOrdinal(set, claim) !== undefined;
}

function stampOf({ by, at, reason }: Stamp): Pick<OpenItem, 'startedBy' | 'since' | 'reason'> {
  return {
    ...(by === undefined ? {} : { startedBy: by }),
    ...(at === undefined ? {} : { since: at }),
    ...(reason === undefined ? {} : { reason }),
  };
}
