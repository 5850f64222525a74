import type { Benchmark } from '../benchmark.ts';
import type { Place } from '../laboratory.ts';
import { seconds } from '../result.ts';
import { interleaved, median, timed } from '../samples.ts';

/** Delete of a Parallel set, one member at a time, against the same by hand: N × (`kubectl scale` by one, wait until gone). */
export const parallel: Benchmark = {
  name: 'parallel',
  about: 'delete of a Parallel set against stepping down by hand with kubectl',
  async measure(lab, { quick, rounds }) {
    const members = quick ? 5 : 20;
    const place = await lab.place();
    const measure = async (way: string, remove: () => Promise<unknown>): Promise<number> => {
      await place.make({ replicas: members, policy: 'Parallel' });
      const ms = await timed(remove);
      lab.tell(`  ${members} members, ${way}: ${seconds(ms)}`);
      return ms;
    };
    const samples = await interleaved(rounds, {
      byHand: () => measure('kubectl scale by one', () => stepDown(place, members)),
      ours: () => measure('sts-safe delete', () => place.deleteSafely()),
    });
    place.close();
    const [ours, byHand] = [median(samples.ours), median(samples.byHand)];
    return [
      {
        what: `Parallel delete, ${members} members: against kubectl scale by one, ${members} times`,
        unit: '×',
        value: ours / byHand,
        limit: 1.05,
        from: `${seconds(ours)} against ${seconds(byHand)}`,
        samples,
      },
    ];
  },
};

/** As a careful person does it: the next one when the last is gone. */
export async function stepDown(place: Place, members: number): Promise<void> {
  for (let replicas = members - 1; replicas >= 0; replicas -= 1) {
    const gone = place.gone(`web-${replicas}`);
    await place.kubectl('scale', 'statefulset', 'web', `--replicas=${replicas}`);
    await gone;
  }
  await place.kubectl('delete', 'statefulset', 'web');
}
