import { rolloutStuck as check } from '../rollout-stuck.ts';
import { type Diagnosed, type Diagnosis, fromCheck, ofSet } from './diagnosis.ts';
import { brokenBefore } from './forced-rollback.ts';

const stuck = fromCheck(check, { severity: 'blocks', group: 'failure' });

/** Signatures 3 and 4: the new revision does not come up. Where an older one does not, forced-rollback says so. */
export const rolloutStuck: Diagnosis = {
  ...stuck,
  run: ofSet((set, snapshot) => (brokenBefore(set, snapshot) === undefined ? stuck.run(snapshot).map(withWayBackFirst) : [])),
};

/** What fixes it comes before what shows more of it. */
function withWayBackFirst(found: Diagnosed): Diagnosed {
  const [fixes, looks] = [true, false].map((fix) => found.remedies.filter((remedy) => (remedy.do === 'operation') === fix));
  return { ...found, remedies: [...(fixes ?? []), ...(looks ?? [])] };
}
