import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userEnvironment } from '../../test/support/plugin.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Laboratory, Place } from '../laboratory.ts';
import { run } from '../process.ts';
import { Relay } from '../relay.ts';
import type { Result } from '../result.ts';
import { interleaved, median } from '../samples.ts';

const ONE_WAY_MS = 50;
const ROUND_TRIP_MS = 2 * ONE_WAY_MS;
const LIMIT_OF_STATUS = 1.3;
/** With the connection's own: two of TCP and TLS. */
const LIMIT_OF_PLAN = 5;
const ROUNDS = { quick: 3, full: 15 };

/** From a laptop to a cloud: what counts is how many answers are waited for one after the other. */
export const far: Benchmark = {
  name: 'far',
  about: `status and a plan of delete through a relay that adds ${ONE_WAY_MS} ms each way`,
  async measure(lab, { quick }) {
    const place = await lab.place();
    await place.make({ replicas: 3, policy: 'Parallel' });
    const relay = await Relay.open(lab.cluster.api, ONE_WAY_MS);
    try {
      return await compared(lab, place, relay, quick ? ROUNDS.quick : ROUNDS.full);
    } finally {
      relay.close();
      place.close();
    }
  },
};

async function compared(lab: Laboratory, place: Place, relay: Relay, rounds: number): Promise<readonly Result[]> {
  const far = join(lab.cluster.dir, 'far.kubeconfig');
  writeFileSync(far, readFileSync(place.kubeconfig, 'utf8').replace(lab.cluster.api, relay.address), { mode: 0o600 });
  const ms = async (kubeconfig: string, ...args: readonly string[]): Promise<number> =>
    (await run(lab.cluster.kubectl, [...args, '-n', place.namespace], userEnvironment(lab.cluster, { kubeconfig }))).ms;
  const get = ['get', 'statefulset', 'web'];
  const status = ['sts-safe', 'status', 'web'];
  const plan = ['sts-safe', 'delete', 'web', '--dry-run'];
  const measures = {
    kubectl: () => ms(far, ...get),
    status: () => ms(far, ...status),
    plan: () => ms(far, ...plan),
    nearStatus: () => ms(place.kubeconfig, ...status),
    nearPlan: () => ms(place.kubeconfig, ...plan),
  };
  await interleaved(2, measures);
  const samples = await interleaved(rounds, measures);
  const [mine, theirs] = [median(samples.status), median(samples.kubectl)];
  return [
    {
      what: 'Far: kubectl sts-safe status NAME against kubectl get sts NAME',
      unit: '×',
      value: mine / theirs,
      limit: LIMIT_OF_STATUS,
      from: `${mine.toFixed(0)} ms against ${theirs.toFixed(0)} ms`,
      samples: { ours: samples.status, theirs: samples.kubectl },
    },
    inSequence('status NAME', samples.status, samples.nearStatus, undefined),
    inSequence('delete NAME --dry-run', samples.plan, samples.nearPlan, LIMIT_OF_PLAN),
  ];
}

/** How often it waits for the way there and back: what the relay adds, in round trips. */
function inSequence(what: string, far: readonly number[], near: readonly number[], limit: number | undefined): Result {
  const added = median(far) - median(near);
  return {
    what: `Far: round trips in sequence of ${what}, connection included`,
    unit: 'round trips',
    value: Math.round(added / ROUND_TRIP_MS),
    ...(limit === undefined ? {} : { limit }),
    from: `${median(far).toFixed(0)} ms far, ${median(near).toFixed(0)} ms near`,
    samples: { far, near },
  };
}
