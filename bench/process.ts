import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Ran {
  readonly ms: number;
  readonly stdout: string;
  /** What it said on stderr. */
  readonly lines: readonly Line[];
}

export interface Line {
  /** Milliseconds since it was started. */
  readonly at: number;
  readonly text: string;
}

/** Runs a program to its end; milliseconds from before the fork to when its output is closed. */
export function run(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const began = performance.now();
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  const lines: Line[] = [];
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.stderr += text;
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => ({ at: performance.now() - began, text: part })));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ ms: performance.now() - began, stdout: heard.stdout, lines });
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}:\n${heard.stderr}`));
    });
  });
}

const SAMPLE_MS = 50;

/**
 * Follows how much memory a process has ever had resident, from what the kernel keeps (VmHWM). Linux only.
 * @param sampleMs what it takes after the last look is missed: little for what runs long
 * @returns a function that ends it and answers the peak in MB (10⁶ bytes)
 */
export function followPeak(pid: number, sampleMs = SAMPLE_MS): () => number {
  return following(() => peakOf(pid), sampleMs, 'memory');
}

/**
 * The same of its processor time, in milliseconds, which a busy machine stretches less than the clock's. In ticks of 10 ms.
 */
export function followProcessor(pid: number, sampleMs = SAMPLE_MS): () => number {
  return following(() => processorOf(pid), sampleMs, 'processor time');
}

function following(look: () => number | undefined, sampleMs: number, what: string): () => number {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, look() ?? 0);
  }, sampleMs);
  return () => {
    clearInterval(timer);
    if (most === 0) throw new Error(`The ${what} of a process can be read on Linux only.`);
    return most;
  };
}

const TICK_MS = 10;

/** User and system time: fields 14 and 15 of proc(5), after the name in parentheses. */
function processorOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

function peakOf(pid: number): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
  } catch {
    // It has ended; what was seen last counts, since the peak never falls.
    return undefined;
  }
}
