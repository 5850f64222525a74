import { PassThrough } from 'node:stream';
import { dispatch } from '../../../src/cli/dispatch.ts';
import { Interrupt } from '../../../src/cli/interrupt.ts';
import type { Io, Signal } from '../../../src/cli/io.ts';
import type { Session } from '../../../src/cli/session.ts';
import { registry } from '../../../src/registry.ts';

/** A terminal or a pipe made of memory, whose signals a test sends. */
export class FakeIo implements Io {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: false });
  readonly stdout = Object.assign(new PassThrough(), { isTTY: false });
  readonly stderr = Object.assign(new PassThrough(), { isTTY: false });
  readonly env = {};
  readonly left: number[] = [];
  readonly #listeners = new Map<Signal, Set<() => void>>();
  readonly signals = {
    on: (signal: Signal, listener: () => void) => this.#of(signal).add(listener),
    off: (signal: Signal, listener: () => void) => this.#of(signal).delete(listener),
  };

  leaveNow(code: number): void {
    this.left.push(code);
  }

  send(signal: Signal): void {
    for (const listener of this.#of(signal)) listener();
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** What was written so far. */
  out(): string {
    return String(this.stdout.read() ?? '');
  }

  err(): string {
    return String(this.stderr.read() ?? '');
  }

  #of(signal: Signal): Set<() => void> {
    const listeners = this.#listeners.get(signal) ?? new Set();
    this.#listeners.set(signal, listeners);
    return listeners;
  }
}

export interface Call {
  readonly method: string;
  readonly arguments: readonly unknown[];
}

/** What is in the files that examples name. */
const PATCH = { spec: { template: { spec: { terminationGracePeriodSeconds: 60 } } } };

/** A session that only notes what a command asks of it. */
export function noting(io: Io = new FakeIo()): { readonly session: Session; readonly calls: Call[] } {
  const calls: Call[] = [];
  const note =
    (method: string) =>
    (...args: readonly unknown[]): Promise<never> => {
      calls.push({ method, arguments: args });
      return Promise.resolve(0 as never);
    };
  const session: Session = {
    io,
    version: '1.2.3',
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    interrupt: new Interrupt(io),
    open: note('open'),
    readFile: (path) =>
      Promise.resolve(JSON.stringify(path.startsWith('patch') ? PATCH : { kind: 'StatefulSet', metadata: { name: 'db' }, ...PATCH })),
    change: note('change'),
    status: note('status'),
    doctor: note('peers'),
    recover: note('peers'),
    peers: note('peers'),
    node: note('node'),
    pvcs: note('pvcs'),
    runbook: note('runbook'),
    permissions: note('permissions'),
    rolloutStatus: note('rolloutStatus'),
    rolloutHistory: note('rolloutHistory'),
    attested: () => Promise.resolve({ attest: 'destroyed', evidence: 'asked' }),
    placeOf: () => Promise.resolve({ set: 'web', node: 'node-1' }),
    operations: note('operations'),
    restorable: note('restorable'),
    archives: note('archives'),
    explain: note('explain'),
    versions: note('versions'),
  };
  return { session, calls };
}

/** Runs a command line and returns what the command asked for. */
export async function asked(line: string): Promise<Call | undefined> {
  return await askedOf(line.split(' '));
}

/** The same of arguments. */
export async function askedOf(argv: readonly string[]): Promise<Call | undefined> {
  const io = new FakeIo();
  const { session, calls } = noting(io);
  await dispatch(argv, io, { loaders: registry, session: () => session });
  return calls[0];
}
