import type { Benchmark } from '../benchmark.ts';
import { type Place, succeeded } from '../laboratory.ts';
import { followPeak } from '../process.ts';
import { type Result, seconds } from '../result.ts';
import { timed } from '../samples.ts';
import { stepDown } from './parallel.ts';
import { whole } from './requests.ts';

const LIMIT_MB = 150;
const sizes = { quick: [10, 30], full: [100, 300, 1000] };

/** Delete of large Parallel sets: memory, and whether time and requests a member stay the same as the set grows. */
export const large: Benchmark = {
  name: 'large',
  about: 'delete of 100, 300 and 1,000 members: memory and growth',
  async measure(lab, { quick }) {
    const place = await lab.place();
    const runs: Deleted[] = [];
    for (const members of quick ? sizes.quick : sizes.full) {
      await place.make({ replicas: members, policy: 'Parallel' });
      const deleted = await deleteAll(place, members);
      lab.tell(`  ${members} members: ${seconds(deleted.ms)}, ${deleted.peak.toFixed(0)} MB, ${deleted.requests} requests`);
      runs.push(deleted);
    }
    const byHand = await perMemberByHand(place, quick ? 5 : 50);
    place.close();
    return [...runs.flatMap((deleted) => of(deleted, byHand)), ...growth(runs)];
  },
};

interface Deleted {
  readonly members: number;
  readonly ms: number;
  readonly peak: number;
  readonly requests: number;
}

async function deleteAll(place: Place, members: number): Promise<Deleted> {
  const audit = place.audit();
  let peak = 0;
  const ms = await timed(async () => {
    const plugin = place.start('delete', 'web', '--confirm', 'web');
    const ended = followPeak(plugin.pid);
    const run = await plugin.ended;
    peak = ended();
    succeeded(run);
  });
  return { members, ms, peak, requests: whole(await audit.requests()).length };
}

/** A member's milliseconds by hand, with as few members beside it as possible: what does not grow with the set. */
async function perMemberByHand(place: Place, members: number): Promise<number> {
  await place.make({ replicas: members, policy: 'Parallel' });
  return (await timed(() => stepDown(place, members))) / members;
}

function of({ members, ms, peak, requests }: Deleted, byHand: number): readonly Result[] {
  const limit = members === 1000 ? { limit: LIMIT_MB } : {};
  return [
    { what: `${members} members: peak memory`, unit: 'MB', value: peak, ...limit, from: 'VmHWM of the plugin' },
    {
      what: `${members} members: time a member`,
      unit: 'ms',
      value: ms / members,
      from: `${seconds(ms)} in all; by hand with kubectl scale ${byHand.toFixed(0)} ms a member`,
    },
    {
      what: `${members} members: API requests a member`,
      unit: 'requests',
      value: requests / members,
      limit: 4,
      from: `${requests} in all, heartbeats and all that is not of a member included`,
    },
  ];
}

/** Time a member in the largest set against the smallest: 1 is linear growth. */
function growth(runs: readonly Deleted[]): readonly Result[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const value = last.ms / last.members / (first.ms / first.members);
  return [{ what: `Growth: time a member with ${last.members} against ${first.members} members`, unit: '×', value, from: 'one run each' }];
}
