import type { SetWish } from '../../test/support/manifests.ts';
import type { Benchmark, Effort } from '../benchmark.ts';
import type { Laboratory } from '../laboratory.ts';
import { type Result, seconds } from '../result.ts';
import { interleaved, median, timed } from '../samples.ts';

/** What an ordered delete may cost beside the controller: a share of the time of a large set, a moment of a small one. */
const RATIO_OF_FIFTY = 1.05;
const FIXED_MS = 400;
const MEMBER_MS = 10;

/** No database shuts down sooner; the sandbox's own members stop in 0.3 s, where what the plugin adds weighs more than in life. */
const A_SECOND = { 'sandbox/stop-delay': '1s' };

/** Ordered delete of an OrderedReady set against the controller alone: `kubectl scale --replicas=0`, Pods gone, `kubectl delete`. */
export const ordered: Benchmark = {
  name: 'ordered',
  about: 'ordered delete of 10 and 50 members against the controller alone',
  async measure(lab, effort) {
    const members = effort.quick ? { few: 3, many: 6 } : { few: 10, many: 50 };
    const few = await compare(lab, { replicas: members.few }, effort);
    const many = await compare(lab, { replicas: members.many }, effort);
    const slow = await compare(lab, { replicas: members.many, podAnnotations: A_SECOND }, effort);
    return [
      beside(few),
      ratio(slow, 'that stop in 1 s', RATIO_OF_FIFTY),
      ratio(many, 'that stop in 0.3 s', RATIO_OF_FIFTY),
      slope(few, many),
    ];
  },
};

interface Compared {
  readonly members: number;
  readonly ours: number;
  readonly alone: number;
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

async function compare(lab: Laboratory, wish: SetWish & { readonly replicas: number }, { rounds }: Effort): Promise<Compared> {
  const place = await lab.place();
  const members = wish.replicas;
  const measure = async (way: string, remove: () => Promise<unknown>): Promise<number> => {
    await place.make(wish);
    const ms = await timed(remove);
    lab.tell(`  ${members} members, ${way}: ${seconds(ms)}`);
    return ms;
  };
  const samples = await interleaved(rounds, {
    alone: () => measure('controller alone', () => place.deleteByController()),
    ours: () => measure('sts-safe delete', () => place.deleteSafely()),
  });
  place.close();
  return { members, ours: median(samples.ours), alone: median(samples.alone), samples };
}

const from = ({ ours, alone }: Compared): string => `${seconds(ours)} against ${seconds(alone)}`;

function beside(compared: Compared): Result {
  const { members, ours, alone, samples } = compared;
  const limit = members * MEMBER_MS + FIXED_MS;
  return {
    what: `Ordered delete, ${members} members: more than the controller alone`,
    unit: 'ms',
    value: ours - alone,
    limit,
    from: from(compared),
    samples,
  };
}

function ratio(compared: Compared, which: string, limit: number): Result {
  const { members, ours, alone, samples } = compared;
  return {
    what: `Ordered delete, ${members} members ${which}: against the controller alone`,
    unit: '×',
    value: ours / alone,
    limit,
    from: from(compared),
    samples,
  };
}

/** What one more member costs, free of what every run costs. */
function slope(few: Compared, many: Compared): Result {
  const value = (many.ours - many.alone - (few.ours - few.alone)) / (many.members - few.members);
  return {
    what: 'Ordered delete: one more member',
    unit: 'ms',
    value,
    limit: MEMBER_MS,
    from: `${few.members} and ${many.members} members`,
  };
}
