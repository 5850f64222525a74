import { join } from 'node:path';
import { userEnvironment } from '../../test/support/plugin.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Laboratory } from '../laboratory.ts';
import { run } from '../process.ts';
import type { Result } from '../result.ts';
import { interleaved, median } from '../samples.ts';

const LIMIT = 3.5;
/** Single starts vary more than anything else here, and are short. */
const ROUNDS = { quick: 5, full: 31 };

/** How soon there is an answer: help and version against an empty Node, `status` against `kubectl get`. */
export const startup: Benchmark = {
  name: 'startup',
  about: 'help, version and status against node -e 0 and kubectl get',
  async measure(lab, { quick }) {
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    return [...(await answers(lab, rounds)), ...(await status(lab, rounds))];
  },
};

/** The built program itself, as kubectl executes it. */
async function answers(lab: Laboratory, rounds: number): Promise<readonly Result[]> {
  const { installed, kubeconfig } = lab.cluster;
  const env = userEnvironment(lab.cluster, { kubeconfig });
  const node = join(installed.node, 'node');
  const plugin = join(installed.bin, 'kubectl-sts_safe');
  const ms = async (file: string, ...args: readonly string[]): Promise<number> => (await run(file, args, env)).ms;
  const measures = {
    node: () => ms(node, '-e', '0'),
    help: () => ms(plugin, '--help'),
    version: () => ms(plugin, 'version', '--client'),
  };
  // Once for the compile cache.
  await interleaved(2, measures);
  const samples = await interleaved(rounds, measures);
  lab.tell('  help and version measured');
  return [
    against('--help: against node -e 0', samples.help, samples.node),
    against('version --client: against node -e 0', samples.version, samples.node),
  ];
}

async function status(lab: Laboratory, rounds: number): Promise<readonly Result[]> {
  const place = await lab.place();
  await place.make({ replicas: 3, policy: 'Parallel' });
  const env = userEnvironment(lab.cluster, { kubeconfig: place.kubeconfig });
  const measures = {
    kubectl: async () => (await place.kubectl('get', 'statefulset', 'web')).ms,
    status: async () => (await run(lab.cluster.kubectl, ['sts-safe', 'status', 'web', '-n', place.namespace], env)).ms,
  };
  await interleaved(2, measures);
  const samples = await interleaved(rounds, measures);
  place.close();
  return [against('kubectl sts-safe status NAME: against kubectl get sts NAME', samples.status, samples.kubectl)];
}

function against(what: string, ours: readonly number[], theirs: readonly number[]): Result {
  const [mine, other] = [median(ours), median(theirs)];
  return {
    what,
    unit: '×',
    value: mine / other,
    limit: LIMIT,
    from: `${mine.toFixed(0)} ms against ${other.toFixed(0)} ms`,
    samples: { ours, theirs },
  };
}
