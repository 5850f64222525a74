import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import type { ProvidedCluster } from './provided.ts';

/** How a run of the plugin ended. */
export interface PluginRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** For messages of failed tests. */
  readonly line: string;
}

export interface PluginOptions {
  readonly kubeconfig: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Piped into stdin; without it stdin is /dev/null. */
  readonly input?: string;
  readonly cwd?: string;
}

/** The environment of a user who has kubectl, the plugin and the right Node on PATH, and nothing else of this process. */
export function userEnvironment({ dir, installed }: ProvidedCluster, { kubeconfig, env }: PluginOptions): Record<string, string> {
  const home = join(dir, 'home');
  mkdirSync(home, { recursive: true });
  const path = [installed.node, installed.bin, '/usr/bin', '/bin'].join(':');
  return { HOME: home, PATH: path, KUBECONFIG: kubeconfig, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env };
}

/** Waits for what is shown, not for ever: the error says what was shown instead. */
class Listeners {
  readonly #looks = new Set<() => void>();

  changed(): void {
    for (const look of this.#looks) look();
  }

  until(pattern: RegExp, shown: () => readonly string[], over: () => boolean, seconds = 90): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (how: string): void => reject(new Error(`${how} without ${pattern}:\n${shown().join('\n')}`));
      const look = (): void => {
        const found = shown()
          .map((text) => pattern.exec(text))
          .find((match) => match !== null);
        if (found !== undefined) resolve(found);
        else if (over()) fail('it ended');
        else return;
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const timer = setTimeout(() => fail(`it went on for ${seconds} s`), seconds * 1000);
      this.#looks.add(look);
      look();
    });
  }
}

/** A running plugin. kubectl replaces itself with it (exec), so `pid` is the plugin's own. */
export class RunningPlugin {
  readonly #child: ChildProcess;
  readonly #line: string;
  readonly #listeners = new Listeners();
  #stdout = '';
  #stderr = '';
  readonly ended: Promise<PluginRun>;

  constructor(command: string, args: readonly string[], options: SpawnOptions, input: string | undefined) {
    this.#line = [command, ...args].join(' ');
    const child = spawn(command, args, { ...options, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(() => (this.#stdout += text)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(() => (this.#stderr += text)));
    // It may end without having read its input.
    child.stdin?.on('error', () => {}).end(input);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        resolve({ stdout: this.#stdout, stderr: this.#stderr, exitCode, signal, line: this.#line });
        this.#hear(() => {});
      });
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#line} did not start`);
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves as soon as either stream has shown this; rejects when the plugin ends without. */
  sees(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#listeners.until(
      pattern,
      () => [this.#stdout, this.#stderr],
      () => !this.isRunning,
    );
  }

  #hear(take: () => void): void {
    take();
    this.#listeners.changed();
  }
}

/** Starts `kubectl sts-safe ARGS`. */
export function startPlugin(cluster: ProvidedCluster, args: readonly string[], options: PluginOptions): RunningPlugin {
  const env = userEnvironment(cluster, options);
  return new RunningPlugin(cluster.kubectl, ['sts-safe', ...args], { env, cwd: options.cwd ?? cluster.dir }, options.input);
}

/** Starts the real kubectl alone. */
export function startKubectl(cluster: ProvidedCluster, args: readonly string[], options: PluginOptions): RunningPlugin {
  const env = userEnvironment(cluster, options);
  return new RunningPlugin(cluster.kubectl, args, { env, cwd: options.cwd ?? cluster.dir }, options.input);
}

/** Runs a line as a shell reads it: what the plugin printed, typed as it stands. */
export function startLine(cluster: ProvidedCluster, line: string, options: PluginOptions): RunningPlugin {
  const env = userEnvironment(cluster, options);
  return new RunningPlugin('/bin/sh', ['-c', line], { env, cwd: options.cwd ?? cluster.dir }, options.input);
}

export interface PtyOptions extends PluginOptions {
  readonly columns?: number;
  readonly rows?: number;
}

const keys = { enter: '\r', 'ctrl-c': '\x03', 'ctrl-d': '\x04', up: '\x1b[A', down: '\x1b[B', escape: '\x1b' } as const;

/** The plugin on a terminal: stdin, stdout and stderr are one pseudo-terminal. */
export class TerminalPlugin {
  readonly #pty: IPty;
  readonly #listeners = new Listeners();
  #raw = '';
  #over: { readonly exitCode: number; readonly signal: number | undefined } | undefined;
  readonly ended: Promise<{ readonly exitCode: number; readonly signal: number | undefined; readonly text: string }>;

  constructor(cluster: ProvidedCluster, args: readonly string[], options: PtyOptions) {
    this.#pty = spawnPty(cluster.kubectl, ['sts-safe', ...args], {
      name: 'xterm-256color',
      cols: options.columns ?? 120,
      rows: options.rows ?? 40,
      cwd: options.cwd ?? cluster.dir,
      env: userEnvironment(cluster, options),
    });
    this.#pty.onData((text) => {
      this.#raw += text;
      this.#listeners.changed();
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#over = { exitCode, signal };
        resolve({ ...this.#over, text: this.text });
        this.#listeners.changed();
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get isRunning(): boolean {
    return this.#over === undefined;
  }

  /** All that was written so far, with its escape sequences. */
  get raw(): string {
    return this.#raw;
  }

  /** The same without colours and cursor movements: every redraw follows the last. */
  get text(): string {
    return stripVTControlCharacters(this.#raw).replaceAll('\r', '');
  }

  /** Long lines are broken at the terminal's width. */
  sees(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#listeners.until(
      pattern,
      () => [this.text],
      () => !this.isRunning,
    );
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  press(key: keyof typeof keys): void {
    this.#pty.write(keys[key]);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    if (this.isRunning) process.kill(this.pid, signal);
  }
}
