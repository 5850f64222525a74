import type { ClusterReader, LiveSnapshot } from '../cluster/api.ts';
import type { SliceName, Snapshot, Target } from '../domain/snapshot.ts';

/** What a plan is made on. */
export interface Outlook {
  /** The newest that is known, with these slices: what is not known yet is read. Rejects with CannotError like a read. */
  see(slices: readonly SliceName[]): Promise<Snapshot>;
  /** What was seen will do: from here on it is kept fresh, where the plan is to be carried out. */
  follow(): void;
}

/**
 * The live snapshot of the operation that is planned: what it follows is listed once, for the plan, for another look after a
 * prompt, and for the execution. Its watches begin beside what is asked for the plan, and cost no time of their own.
 */
export function liveOutlook(world: LiveSnapshot): Outlook {
  let isFollowing = false;
  return {
    async see(slices) {
      await world.reread(missingIn(world.current(), slices));
      return world.current();
    },
    follow() {
      if (!isFollowing) world.follow();
      isFollowing = true;
    },
  };
}

/** Reads of its own, for whoever only wants to know what a request would come to. */
export function singleOutlook(reader: ClusterReader, target: Target): Outlook {
  let known: Snapshot | undefined;
  return {
    async see(slices) {
      const missing = known === undefined ? slices : missingIn(known, slices);
      const seen = known !== undefined && missing.length === 0 ? known : await reader.read(missing, target);
      known = { ...seen, slices: { ...known?.slices, ...seen.slices } };
      return known;
    },
    follow: () => {},
  };
}

/**
 * Reads again what is not followed, and the set, which tells whether the connection is still there at all. Rejects with ApiError
 * when the server does not answer, or a watch does not come back.
 */
export async function readAgain(world: LiveSnapshot, stop: AbortSignal): Promise<void> {
  const known = Object.keys(world.current().slices) as SliceName[];
  await Promise.all([world.reread(known), world.fresh(stop)]);
}

function missingIn(snapshot: Snapshot, slices: readonly SliceName[]): readonly SliceName[] {
  return slices.filter((slice) => snapshot.slices[slice] === undefined);
}
