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

/** A running plugin. kubectl replaces itself with it (exec), so `pid` is the plugin's own. */
export class RunningPlugin {
  readonly #child: ChildProcess;
  readonly #line: string;
  readonly #listeners = new Set<() => void>();
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
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
        if (found !== null) resolve(found);
        else if (!this.isRunning) reject(new Error(`${this.#line} ended without ${pattern}:\n${this.#stdout}${this.#stderr}`));
        else return;
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  #hear(take: () => void): void {
    take();
    for (const look of this.#listeners) look();
  }
}

/** Starts `kubectl sts-safe ARGS`. */
export function startPlugin(cluster: ProvidedCluster, args: readonly string[], options: PluginOptions): RunningPlugin {
  const env = userEnvironment(cluster, options);
  return new RunningPlugin(cluster.kubectl, ['sts-safe', ...args], { env, cwd: options.cwd ?? cluster.dir }, options.input);
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
  readonly #listeners = new Set<() => void>();
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
      for (const look of this.#listeners) look();
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#over = { exitCode, signal };
        resolve({ ...this.#over, text: this.text });
        for (const look of this.#listeners) look();
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

  sees(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.text);
        if (found !== null) resolve(found);
        else if (this.#over !== undefined) reject(new Error(`it ended with ${this.#over.exitCode} without ${pattern}:\n${this.text}`));
        else return;
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
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
