/**
 * `npm run bench [-- NAME…] [--quick] [--rounds 5] [--out FILE]`: measures the built plugin on a control plane of its
 * own. A table on stdout, everything else on stderr, all samples as JSON in FILE. Never a test: nothing fails by time.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Effort } from './benchmark.ts';
import { Laboratory } from './laboratory.ts';
import { crowd } from './measure/crowd.ts';
import { far } from './measure/far.ts';
import { fleet } from './measure/fleet.ts';
import { large } from './measure/large.ts';
import { ordered } from './measure/ordered.ts';
import { parallel } from './measure/parallel.ts';
import { peers } from './measure/peers.ts';
import { requests } from './measure/requests.ts';
import { startup } from './measure/startup.ts';
import { type Result, tableOf } from './result.ts';

const benchmarks: readonly Benchmark[] = [startup, far, crowd, requests, ordered, parallel, large, peers, fleet];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, rounds: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } },
});
const effort: Effort = { quick: values.quick, rounds: values.quick ? 1 : Number(values.rounds) };
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  tell(`error: there is no benchmark ${unknown.join(', ')}; there are:`);
  for (const { name, about } of benchmarks) tell(`  ${name.padEnd(10)} ${about}`);
  process.exit(2);
}

const began = { date: new Date().toISOString(), load: load() };
const lab = await Laboratory.open(tell);
const results: Result[] = [];
try {
  for (const benchmark of benchmarks) {
    if (positionals.length === 0 || positionals.includes(benchmark.name)) results.push(...(await measured(benchmark)));
  }
} finally {
  await lab.sandbox.down();
}

process.stdout.write(`${tableOf(results)}\n`);
const machine = { cores: availableParallelism(), node: process.version, platform: `${process.platform}/${process.arch}` };
const report = { ...began, loadAtEnd: load(), machine, effort, results };
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
tell(
  `load ${began.load} at the start, ${load()} at the end, ${machine.cores} cores${effort.quick ? '; --quick: this is no measurement' : ''}`,
);

/** A benchmark that fails is reported, and the others go on. */
async function measured(benchmark: Benchmark): Promise<readonly Result[]> {
  tell(`${benchmark.name}: ${benchmark.about} (load ${load()})`);
  try {
    return await benchmark.measure(lab, effort);
  } catch (error) {
    process.exitCode = 1;
    tell(`error: ${benchmark.name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Of the last minute. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
