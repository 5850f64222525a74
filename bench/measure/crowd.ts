import type { Benchmark } from '../benchmark.ts';
import { type Crowd, fill } from '../crowd.ts';
import { Laboratory, type Place, succeeded } from '../laboratory.ts';
import { followPeak } from '../process.ts';
import { type Result, seconds } from '../result.ts';
import { interleaved, median } from '../samples.ts';

const full: Crowd = { nodes: 2000, imagesPerNode: 50, pods: 2000, events: 3000 };
const few: Crowd = { nodes: 200, imagesPerNode: 50, pods: 200, events: 300 };

const ROUNDS = { quick: 2, full: 11 };

const commands = {
  status: { words: ['status', 'web'], what: 'status NAME', limit: 1.5 },
  scale: { words: ['scale', 'web', '--replicas', '2', '--dry-run'], what: 'scale NAME --dry-run', limit: 2 },
  delete: { words: ['delete', 'web', '--dry-run'], what: 'delete NAME --dry-run', limit: 2 },
} as const;

type Command = keyof typeof commands;

/** A set of three members, alone and in a large cluster among many Pods: what it costs to look follows the set (architecture, law 3). */
export const crowd: Benchmark = {
  name: 'crowd',
  about: 'status and plans among 2,000 nodes, 2,000 Pods and 3,000 events, against the same set alone',
  async measure(lab, { quick }) {
    // Another cluster, since nodes are the cluster's: so the two sides take turns, and what comes after is not among them.
    const crowded = await Laboratory.open(lab.tell, `${lab.cluster.sandbox ?? 'bench'}-crowd`);
    try {
      const [alone, among] = [await placeIn(lab), await placeIn(crowded)];
      await crowded.sandbox.component('kube-controller-manager').stop();
      await fill(among.api, among.namespace, quick ? few : full);
      lab.tell('  the crowd is there');
      const results = await compared(alone, among, quick ? ROUNDS.quick : ROUNDS.full);
      for (const place of [alone, among]) place.close();
      return results;
    } finally {
      await crowded.sandbox.down();
    }
  },
};

async function placeIn(lab: Laboratory): Promise<Place> {
  const place = await lab.place();
  await place.make({ replicas: 3 });
  return place;
}

async function compared(alone: Place, among: Place, rounds: number): Promise<readonly Result[]> {
  const peaks = new Map<string, number[]>();
  const measure = async (place: Place, command: Command): Promise<number> => {
    const { ms, peak } = await measured(place, commands[command].words);
    const name = `${command} ${place === alone ? 'alone' : 'among'}`;
    peaks.set(name, [...(peaks.get(name) ?? []), peak]);
    return ms;
  };
  const names = Object.keys(commands) as Command[];
  const measures = Object.fromEntries(
    names.flatMap((command) => [
      [`${command} alone`, () => measure(alone, command)],
      [`${command} among`, () => measure(among, command)],
    ]),
  );
  await interleaved(1, measures);
  peaks.clear();
  const times = await interleaved(rounds, measures);
  return names.flatMap((command) => [
    against(command, 'time', times, seconds),
    against(command, 'peak memory', Object.fromEntries(peaks), (megabytes) => `${megabytes.toFixed(0)} MB`),
  ]);
}

async function measured(place: Place, words: readonly string[]): Promise<{ readonly ms: number; readonly peak: number }> {
  const began = performance.now();
  const plugin = place.start(...words);
  const peakOf = followPeak(plugin.pid, 5);
  succeeded(await plugin.ended);
  const ms = performance.now() - began;
  return { ms, peak: peakOf() };
}

function against(
  command: Command,
  what: string,
  samples: Readonly<Record<string, readonly number[]>>,
  inWords: (value: number) => string,
): Result {
  const [alone, among] = [samples[`${command} alone`] ?? [], samples[`${command} among`] ?? []];
  return {
    what: `Crowd: ${commands[command].what}, ${what} against the set alone`,
    unit: '×',
    value: median(among) / median(alone),
    limit: commands[command].limit,
    from: `${inWords(median(among))} against ${inWords(median(alone))}`,
    samples: { alone, among },
  };
}
