import { userEnvironment } from '../../test/support/plugin.ts';
import type { Benchmark } from '../benchmark.ts';
import { Fleet } from '../fleet.ts';
import { Laboratory, type Place } from '../laboratory.ts';
import { followPeak, followProcessor, run } from '../process.ts';
import { type Result, seconds } from '../result.ts';
import { interleaved, median } from '../samples.ts';

const SIZES = { quick: [20, 40, 60], full: [100, 1000, 2000] } as const;
const ROUNDS = { quick: 1, full: 5 };
const LIMITS = { status: 1.5, doctor: 3 };
const LIMIT_MB = 200;

/** The whole cluster at once: what `status -A` and `doctor -A` cost against kubectl's list of the same, and how that grows. */
export const fleet: Benchmark = {
  name: 'fleet',
  about: 'status -A and doctor -A over 100, 1,000 and 2,000 sets of three Pods against kubectl get sts,pods -A -o json',
  async measure(lab, { quick, rounds }) {
    // Another cluster: its controllers are stopped, and its objects are thousands.
    const crowded = await Laboratory.open(lab.tell, `${lab.cluster.sandbox ?? 'bench'}-fleet`);
    const place = await crowded.place();
    try {
      await crowded.sandbox.component('kube-controller-manager').stop();
      const [sizes, count] = quick ? [SIZES.quick, ROUNDS.quick] : [SIZES.full, Math.max(rounds, 1)];
      const all: Measured[] = [];
      const grown = new Fleet(place.api);
      for (const sets of sizes) {
        await grown.growTo(sets);
        all.push(await measured(place, sets, count));
        lab.tell(`  ${sets} sets: ${inWords(all.at(-1))}`);
      }
      return [...all.flatMap((one) => resultsOf(one, one.sets === sizes[1])), ...growth(all)];
    } finally {
      place.close();
      await crowded.sandbox.down();
    }
  },
};

interface Measured {
  readonly sets: number;
  readonly times: Readonly<Record<'kubectl' | Command, readonly number[]>>;
  readonly peaks: Readonly<Record<Command, readonly number[]>>;
  /** Milliseconds. */
  readonly processor: Readonly<Record<Command, readonly number[]>>;
}

type Command = keyof typeof LIMITS;

async function measured(place: Place, sets: number, rounds: number): Promise<Measured> {
  const peaks: Record<Command, number[]> = { status: [], doctor: [] };
  const processor: Record<Command, number[]> = { status: [], doctor: [] };
  const of = (command: Command) => async () => {
    const seen = await look(place, command);
    peaks[command].push(seen.peak);
    processor[command].push(seen.processor);
    return seen.ms;
  };
  const measures = { kubectl: () => list(place), status: of('status'), doctor: of('doctor') };
  await interleaved(1, measures);
  for (const seen of [...Object.values(peaks), ...Object.values(processor)]) seen.length = 0;
  return { sets, times: await interleaved(rounds, measures), peaks, processor };
}

async function list({ lab, kubeconfig }: Place): Promise<number> {
  const env = userEnvironment(lab.cluster, { kubeconfig });
  return (await run(lab.cluster.kubectl, ['get', 'sts,pods', '-A', '-o', 'json'], env)).ms;
}

interface Looked {
  readonly ms: number;
  readonly peak: number;
  readonly processor: number;
}

/** doctor ends with 5 where one of the sets is broken. */
async function look(place: Place, command: Command): Promise<Looked> {
  const began = performance.now();
  const plugin = place.startAnywhere(command, '-A');
  const peakOf = followPeak(plugin.pid, 5);
  const processorOf = followProcessor(plugin.pid, 5);
  const { exitCode, stderr } = await plugin.ended;
  if (exitCode !== 0 && !(command === 'doctor' && exitCode === 5)) throw new Error(`${command} ended with ${exitCode}: ${stderr}`);
  return { ms: performance.now() - began, peak: peakOf(), processor: processorOf() };
}

/** @param isJudged of the size for which there are limits */
function resultsOf({ sets, times, peaks }: Measured, isJudged: boolean): readonly Result[] {
  const kubectl = median(times.kubectl);
  return (['status', 'doctor'] as const).flatMap((command): readonly Result[] => [
    {
      what: `${sets} sets: ${command} -A against kubectl get sts,pods -A -o json`,
      unit: '×',
      value: median(times[command]) / kubectl,
      ...(isJudged ? { limit: LIMITS[command] } : {}),
      from: `${seconds(median(times[command]))} against ${seconds(kubectl)}`,
      samples: { kubectl: times.kubectl, [command]: times[command] },
    },
    {
      what: `${sets} sets: ${command} -A, peak memory`,
      unit: 'MB',
      value: median(peaks[command]),
      ...(isJudged && command === 'status' ? { limit: LIMIT_MB } : {}),
      from: 'VmHWM of the plugin',
      samples: { peaks: peaks[command] },
    },
  ]);
}

/** Processor time of one more set, from the first size to the second and from the second to the third: alike where growth is linear. */
function growth(all: readonly Measured[]): readonly Result[] {
  const [few, some, many] = all;
  if (few === undefined || some === undefined || many === undefined) return [];
  return (['status', 'doctor'] as const).map((command): Result => {
    const at = (one: Measured): number => median(one.processor[command]);
    const [first, second] = [(at(some) - at(few)) / (some.sets - few.sets), (at(many) - at(some)) / (many.sets - some.sets)];
    return {
      what: `Growth: processor time of one more set in ${command} -A beyond ${some.sets} against one before`,
      unit: '×',
      value: second / first,
      from: `${second.toFixed(2)} ms against ${first.toFixed(2)} ms; ${all.map((one) => seconds(at(one))).join(', ')} in all`,
    };
  });
}

function inWords(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const { times, peaks } = measured;
  const of = (command: Command): string => `${command} ${seconds(median(times[command]))}, ${median(peaks[command]).toFixed(0)} MB`;
  return `kubectl ${seconds(median(times.kubectl))}, ${of('status')}, ${of('doctor')}`;
}
