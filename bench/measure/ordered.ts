import type { Benchmark, Effort } from '../benchmark.ts';
import type { Laboratory } from '../laboratory.ts';
import { type Result, seconds } from '../result.ts';
import { interleaved, median, timed } from '../samples.ts';

/** What an ordered delete may cost beside the controller (issue: speed). */
const RATIO_OF_FIFTY = 1.05;
const FIXED_MS = 400;
const MEMBER_MS = 10;

/** Ordered delete of an OrderedReady set against the controller alone: `kubectl scale --replicas=0`, Pods gone, `kubectl delete`. */
export const ordered: Benchmark = {
  name: 'ordered',
  about: 'ordered delete of 10 and 50 members against the controller alone',
  async measure(lab, effort) {
    const few = await compare(lab, effort.quick ? 3 : 10, effort);
    const many = await compare(lab, effort.quick ? 6 : 50, effort);
    return [beside(few), ratio(many), slope(few, many)];
  },
};

interface Compared {
  readonly members: number;
  readonly ours: number;
  readonly alone: number;
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

async function compare(lab: Laboratory, members: number, { rounds }: Effort): Promise<Compared> {
  const place = await lab.place();
  const measure = async (way: string, remove: () => Promise<unknown>): Promise<number> => {
    await place.make({ replicas: members });
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

function ratio(compared: Compared): Result {
  const { members, ours, alone, samples } = compared;
  return {
    what: `Ordered delete, ${members} members: against the controller alone`,
    unit: '×',
    value: ours / alone,
    limit: RATIO_OF_FIFTY,
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
