import { expect } from 'vitest';
import { assertNoClaimLost, assertOnlyTouched, assertSamePods, type Census, census, recordAndWorldAgree } from '../support/invariants.ts';
import type { Space } from '../support/namespace.ts';
import { above, type End, endState, type Held, settled, untouched } from './end-state.ts';
import { doomedSoFar, type Subject } from './subject.ts';

/** The laws that hold when the plugin is gone, at whatever point it went. */
export async function whileNobodyDrives(subject: Subject, before: Census, space: Space): Promise<Held> {
  await recordAndWorldAgree(space);
  // A deletion that the server has taken is done: the garbage collector still lets go of what the set owns.
  if ((await space.findSet())?.metadata.deletionTimestamp !== undefined) await space.untilSetGone();
  await space.untilClaims(
    (claims) => ![...claims.values()].some(({ metadata }) => metadata.deletionTimestamp !== undefined),
    'no PVC is on its way out',
  );
  const set = await space.findSet();
  if (subject.holds) {
    await settled(space);
    const then = await space.podNames();
    await space.barrier();
    expect((await space.findSet())?.spec.replicas).toBe(set?.spec.replicas);
    expect(await space.podNames()).toEqual(then);
  }
  await assertOnlyTouched(space, before, above(before.pods.keys(), set));
  await assertNoClaimLost(space, before, await doomedSoFar(subject, before, space));
  return { ...(await census(space)), set };
}

/** Nothing that stays was touched on the way here from that moment. */
export async function assertUntouched(before: Census, held: Held, space: Space): Promise<void> {
  await assertSamePods(space, untouched(before, held, await space.findSet()));
}

/** Everything is as before the operation, but for what came into being beside the set: claims are never deleted on the way back, nor is a Service. */
export async function expectBack(start: End, space: Space): Promise<void> {
  const now = await endState(space);
  const { restorable, claims, services } = now;
  expect(claims).toEqual(expect.arrayContaining([...start.claims]));
  expect(services).toEqual(expect.arrayContaining([...start.services]));
  expect(now).toEqual({ ...start, restorable, claims, services });
}
