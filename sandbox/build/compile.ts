import { execFile, spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { GoModule } from './modules.ts';
import type { Reporter } from './reporter.ts';
import { goEnvironment } from './toolchain.ts';

/** What the compiler says while it works: with -v the packages, else downloads and errors. */
interface Progress {
  what: string;
  packages: number;
  errors: string[];
}

/** Compiles a module into `target`, which appears complete or not at all. */
export async function compile(module: GoModule, target: string, report: Reporter): Promise<void> {
  const draft = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  try {
    await goBuild(module, draft, report);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function goBuild(module: GoModule, out: string, report: Reporter): Promise<void> {
  const started = Date.now();
  const output = module.binaries.length > 1 ? `${out}/` : `${out}/${module.binaries[0]}`;
  report.line(`compiling ${module.name} (the first time takes minutes; the result is kept)`);
  const options = { cwd: module.dir, env: { ...goEnvironment(module.dir), ...(module.cgo && { CGO_ENABLED: '1' }) } };
  const all = await missing(module, options);
  const child = spawn('go', ['build', '-v', ...module.flags, '-o', output, ...module.packages], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const progress: Progress = { what: 'starting', packages: 0, errors: [] };
  createInterface({ input: child.stderr }).on('line', (line) => note(progress, line));
  const stopTelling = tell(
    report,
    () => `compiling ${module.name}: ${elapsed(started)}, ${progress.packages} of ${all} packages, ${progress.what}`,
  );
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`Compiling ${module.name} failed:\n${progress.errors.slice(-20).join('\n')}`);
  } finally {
    stopTelling();
  }
  report.line(`compiled ${module.name} in ${elapsed(started)}`);
}

/** How many packages are not in the build cache; what keeps from telling is for the build to say. */
async function missing({ flags, packages }: GoModule, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<number | string> {
  const format = '{{if .Stale}}{{.StaleReason}}{{end}}';
  try {
    const { stdout } = await promisify(execFile)('go', ['list', ...flags, '-deps', '-f', format, ...packages], {
      ...options,
      maxBuffer: 2 ** 24,
    });
    return stdout.split('\n').filter((reason) => reason !== '' && !reason.includes('available in build cache')).length;
  } catch {
    return 'some';
  }
}

function note(progress: Progress, line: string): void {
  if (/^[\w./-]+$/.test(line)) {
    progress.packages++;
    progress.what = line;
    return;
  }
  progress.what = line.replace(/^go: /, '');
  progress.errors.push(line);
}

/** A live line every second on a terminal, else one that stays every 15 s. */
function tell(report: Reporter, line: () => string): () => void {
  const timer = report.isLive ? setInterval(() => report.live(line()), 1_000) : setInterval(() => report.line(line()), 15_000);
  return () => clearInterval(timer);
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
