import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../control-plane/commands.ts';
import type { Folder } from '../host/folder.ts';
import { lastLines } from './log.ts';

/** How a component ended that nobody asked to end. */
export interface Exit {
  code: number | null;
  signal: string | null;
  at: string;
}

export type State = 'running' | 'stopped' | 'ended';

export interface ComponentStatus {
  name: string;
  state: State;
  pid?: number;
  starts: number;
  unexpectedExit?: Exit;
}

/** What a component is made of: its command line, anew at every start, what precedes a start, and what tells that it works. */
export interface Definition {
  name: string;
  command(start: number): Command;
  prepare?(): Promise<void>;
  /** Resolves when the component does its work; polled or watched until the signal says that the process is gone. */
  ready(signal: AbortSignal): Promise<void>;
}

/** What the supervisor can do to a part of the sandbox: a child process, or what runs on a real node. */
export interface Component {
  readonly name: string;
  readonly status: ComponentStatus | Promise<ComponentStatus>;
  /** Resolves when it works. */
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  cont(): Promise<void>;
  restart(): Promise<void>;
}

/** One component: a child process that can be killed, stopped, continued and started again. */
export class ComponentProcess implements Component {
  readonly name: string;
  readonly logFile: string;
  readonly #definition: Definition;
  readonly #home: string;
  #child: ChildProcess | undefined;
  #paused = false;
  #starting: Promise<void> | undefined;
  #starts = 0;
  #asked = false;
  #unexpectedExit: Exit | undefined;

  constructor(definition: Definition, { logs, dir }: Pick<Folder, 'logs' | 'dir'>) {
    this.name = definition.name;
    this.logFile = join(logs, `${definition.name}.log`);
    this.#definition = definition;
    this.#home = join(dir, 'home');
  }

  get status(): ComponentStatus {
    const pid = this.#child?.pid;
    return {
      name: this.name,
      state: this.#child === undefined ? 'ended' : this.#paused ? 'stopped' : 'running',
      starts: this.#starts,
      ...(pid === undefined ? {} : { pid }),
      ...(this.#unexpectedExit === undefined ? {} : { unexpectedExit: this.#unexpectedExit }),
    };
  }

  /** Resolves when the component works; does nothing to one that already runs. Two at once are one start. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#paused) throw new Error(`${this.name} is stopped by SIGSTOP: continue it with "cont", or kill it first.`);
    if (this.#child) return;
    await this.#definition.prepare?.();
    const child = this.#spawn();
    const gone = new AbortController();
    child.once('exit', () => gone.abort()).once('error', () => gone.abort());
    try {
      await this.#definition.ready(gone.signal);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
    if (gone.signal.aborted) throw new Error(`${this.name} ended before it was ready. The end of its log:\n${lastLines(this.logFile)}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#asked = true;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    this.#running().kill('SIGSTOP');
    this.#paused = true;
  }

  async cont(): Promise<void> {
    this.#running().kill('SIGCONT');
    this.#paused = false;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  #running(): ChildProcess {
    if (!this.#child) throw new Error(`${this.name} does not run: start it first.`);
    return this.#child;
  }

  #spawn(): ChildProcess {
    const { file, args } = this.#definition.command(this.#starts++);
    appendFileSync(this.logFile, `--- start ${this.#starts} at ${new Date().toISOString()}\n`);
    const log = openSync(this.logFile, 'a');
    // The fourth descriptor is the lifeline: its other end closes with this process, however it dies.
    const child = spawn(file, args, {
      stdio: ['ignore', log, log, 'pipe'],
      env: { PATH: process.env.PATH, HOME: this.#home, SANDBOX_LIFELINE: '3' },
    });
    closeSync(log);
    this.#asked = false;
    this.#unexpectedExit = undefined;
    this.#child = child;
    child.stdio[3]?.on('error', () => {});
    child.once('error', (error) => this.#ended(null, error.message));
    child.once('exit', (code, signal) => this.#ended(code, signal));
    return child;
  }

  #ended(code: number | null, signal: string | null): void {
    this.#child = undefined;
    this.#paused = false;
    if (!this.#asked) this.#unexpectedExit = { code, signal, at: new Date().toISOString() };
  }
}
