import { relative, sep } from 'node:path';
import { styleText } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

interface Lane {
  readonly name: string;
  /** Folders of its test files, from the project's root. */
  readonly folders: readonly string[];
  /** What its files may take together on two idle cores, in seconds, two at a time: a figure to look at, no test. */
  readonly budget: number;
}

/** What kinds of tests there are, in the order in which they run, and how long each may take. */
const LANES: readonly Lane[] = [
  { name: 'unit, model cluster, architecture', folders: ['test/unit', 'test/scenarios', 'test/architecture'], budget: 180 },
  { name: 'sandbox', folders: ['sandbox/test'], budget: 60 },
  { name: 'live, in-process', folders: ['test/live'], budget: 240 },
  { name: 'live, through kubectl', folders: ['test/e2e'], budget: 480 },
  { name: 'disruptive, in a sandbox of its own', folders: ['test/disruptive'], budget: 150 },
  { name: 'real nodes', folders: ['sandbox/test/real', 'test/real'], budget: 300 },
  { name: 'long', folders: ['test/kill'], budget: 3600 },
];

interface Spent {
  files: number;
  tests: number;
  /** Sum over the files, in milliseconds. */
  work: number;
}

/** Prints what each lane took, beside its budget. */
export default class Lanes implements Reporter {
  readonly #started = new Map<string, number>();
  readonly #spent = new Map<string, Spent>();

  onTestModuleStart({ moduleId }: TestModule): void {
    this.#started.set(moduleId, Date.now());
  }

  onTestModuleEnd(module: TestModule): void {
    const lane = laneOf(module.moduleId);
    if (lane === undefined) return;
    const work = Date.now() - (this.#started.get(module.moduleId) ?? Date.now());
    const tests = [...module.children.allTests()].filter((test) => test.result().state !== 'skipped').length;
    if (tests === 0) return;
    const spent = this.#spent.get(lane.name) ?? { files: 0, tests: 0, work: 0 };
    this.#spent.set(lane.name, { files: spent.files + 1, tests: spent.tests + tests, work: spent.work + work });
  }

  onTestRunEnd(): void {
    if (this.#spent.size < 2) return;
    console.log(`\n ${'Lane'.padEnd(38)}${['files', 'tests', 'time', 'budget'].map((head) => head.padStart(8)).join('')}`);
    for (const { name, budget } of LANES) {
      const spent = this.#spent.get(name);
      if (spent === undefined) continue;
      const time = spent.work / 1000;
      const cells = [String(spent.files), String(spent.tests), seconds(time), seconds(budget)];
      const line = ` ${name.padEnd(38)}${cells.map((cell) => cell.padStart(8)).join('')}`;
      console.log(time > budget ? styleText('yellow', `${line}  over`) : line);
    }
  }
}

/** The lane with the longest folder that the file is in. */
function laneOf(file: string): Lane | undefined {
  const path = relative(process.cwd(), file).split(sep).join('/');
  const depth = ({ folders }: Lane) => Math.max(...folders.map((folder) => (path.startsWith(`${folder}/`) ? folder.length : 0)));
  return LANES.filter((lane) => depth(lane) > 0).toSorted((a, b) => depth(b) - depth(a))[0];
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}
