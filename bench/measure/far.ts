import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userEnvironment } from '../../test/support/plugin.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Laboratory, Place } from '../laboratory.ts';
import { run } from '../process.ts';
import { Relay } from '../relay.ts';
import type { Result } from '../result.ts';
import { interleaved, median } from '../samples.ts';
import { inSequence } from '../sequence.ts';

const ONE_WAY_MS = 50;
const ROUND_TRIP_MS = 2 * ONE_WAY_MS;
const LIMIT_OF_STATUS = 1.3;
/** With the connection's own. */
const LIMIT_OF_PLAN = 5;
const MEMBERS = 3;
const LIMIT_OF_DELETE = 8 + 2 * MEMBERS;
const LIMIT_OF_RESTORE = 9;
/** TCP and TLS. */
const CONNECTION = 2;
const ROUNDS = { quick: 3, full: 15 };
const RUNS = { quick: 1, full: 5 };

/** From a laptop to a cloud: what counts is how many answers are waited for one after the other. */
export const far: Benchmark = {
  name: 'far',
  about: `status, a plan of delete, delete and restore through a relay that adds ${ONE_WAY_MS} ms each way`,
  async measure(lab, { quick }) {
    const place = await lab.place();
    await place.make({ replicas: MEMBERS, policy: 'Parallel' });
    const relay = await Relay.open(lab.cluster.api, ONE_WAY_MS);
    try {
      const kubeconfig = throughRelay(lab, place, relay);
      const effort = quick ? 'quick' : 'full';
      return [...(await compared(lab, place, kubeconfig, ROUNDS[effort])), ...(await changes(lab, place, kubeconfig, RUNS[effort]))];
    } finally {
      relay.close();
      place.close();
    }
  },
};

function throughRelay(lab: Laboratory, place: Place, relay: Relay): string {
  const far = join(lab.cluster.dir, 'far.kubeconfig');
  writeFileSync(far, readFileSync(place.kubeconfig, 'utf8').replace(lab.cluster.api, relay.address), { mode: 0o600 });
  return far;
}

/** A deletion and its restore, in turn, counted by what they ask one after the other: how long members take is not the way's. */
async function changes(lab: Laboratory, place: Place, far: string, runs: number): Promise<readonly Result[]> {
  const count = async (...args: readonly string[]): Promise<number> => {
    const env = userEnvironment(lab.cluster, { kubeconfig: far });
    const { lines } = await run(lab.cluster.kubectl, ['sts-safe', ...args, '-n', place.namespace, '-v', '7'], env);
    return CONNECTION + inSequence(lines);
  };
  const counted = await interleaved(runs, {
    delete: () => count('delete', 'web', '--confirm', 'web'),
    restore: () => count('restore', 'web', '--yes'),
  });
  const row = (what: string, all: readonly number[], limit: number): Result => ({
    what: `Far: round trips in sequence of ${what}, connection included`,
    unit: 'round trips',
    value: median(all),
    limit,
    from: all.join(', '),
    samples: { all },
  });
  return [row(`delete NAME of ${MEMBERS}`, counted.delete, LIMIT_OF_DELETE), row('restore NAME', counted.restore, LIMIT_OF_RESTORE)];
}

async function compared(lab: Laboratory, place: Place, far: string, rounds: number): Promise<readonly Result[]> {
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
    addedBy('status NAME', samples.status, samples.nearStatus, undefined),
    addedBy('delete NAME --dry-run', samples.plan, samples.nearPlan, LIMIT_OF_PLAN),
  ];
}

/** How often it waits for the way there and back: what the relay adds, in round trips. */
function addedBy(what: string, far: readonly number[], near: readonly number[], limit: number | undefined): Result {
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
