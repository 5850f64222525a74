import { describe, expect, it } from 'vitest';
import { Interrupt } from '../../../src/cli/interrupt.ts';
import { stoppable } from '../../../src/cli/stoppable.ts';
import type { OperationEvent } from '../../../src/plan/events.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import { FakeIo } from './fakes.ts';

const plan = { steps: [{ id: 'a' }, { id: 'b', section: 'b' }, { id: 'c' }] } as unknown as Plan;
const started = (id: string): OperationEvent => ({ type: 'step-started', id, title: id, index: 0, total: 3, at: 0 });
const finished = (id: string): OperationEvent => ({ type: 'step-finished', id, title: id, at: 0, tookMs: 0, already: false });

function start() {
  const io = new FakeIo();
  const interrupt = new Interrupt(io);
  const told: string[] = [];
  const closed: string[] = [];
  const left: string[] = [];
  const sink = stoppable(
    { emit: (event) => told.push('message' in event ? `${event.type}: ${event.message}` : event.type), close: () => closed.push('closed') },
    interrupt,
    () => 0,
    (_, done) => left.push(`done ${done.join(' ')}, closed ${closed.length} times, left ${io.left.length} times`),
  );
  return { io, interrupt, told, closed, left, sink };
}

describe('stoppable', () => {
  it('tells of a stop and leaves the operation to end by itself', async () => {
    const { io, interrupt, told, sink } = start();
    const work = Promise.withResolvers<number>();
    const guarded = interrupt.guard(work.promise);
    sink.emit({ type: 'operation-started', plan, at: 0 });
    sink.emit(started('a'));
    io.send('SIGINT');
    expect(told.at(-1)).toBe('stopping: stopping; press Ctrl-C again to exit immediately');
    expect(interrupt.signal.aborted).toBe(true);
    work.resolve(130);
    await expect(guarded).resolves.toBe(130);
  });

  it('puts a stop off in a section that cannot be interrupted, and says how long that can take', () => {
    const { io, interrupt, told, sink } = start();
    sink.emit({ type: 'operation-started', plan, at: 0 });
    sink.emit(started('b'));
    const leave = interrupt.enterSection(() => 41_200);
    io.send('SIGTERM');
    io.send('SIGINT');
    expect(interrupt.signal.aborted).toBe(false);
    expect(told).toContain('stop-deferred: this cannot be interrupted, 42s left at most; stopping when it is done');
    sink.emit(finished('b'));
    expect(interrupt.signal.aborted).toBe(false);
    leave();
    expect(interrupt.signal.aborted).toBe(true);
    expect(io.left).toEqual([]);
  });

  it('puts no stop off by a step that cannot be interrupted and has not written yet', () => {
    const { io, interrupt, sink } = start();
    sink.emit({ type: 'operation-started', plan, at: 0 });
    sink.emit(started('b'));
    io.send('SIGINT');
    expect(interrupt.signal.aborted).toBe(true);
    io.send('SIGINT');
    expect(io.left).toEqual([130]);
  });

  it('gives the terminal back before leaving at once', () => {
    const { io, closed, sink } = start();
    sink.emit({ type: 'operation-started', plan, at: 0 });
    io.send('SIGINT');
    expect(closed).toEqual([]);
    io.send('SIGINT');
    expect(closed).toEqual(['closed']);
    expect(io.left).toEqual([130]);
  });

  it('has the last word between giving the terminal back and leaving', () => {
    const { io, left, sink } = start();
    sink.emit({ type: 'operation-started', plan: { ...plan, from: 'b' }, at: 0 });
    sink.emit(started('b'));
    sink.emit(finished('b'));
    sink.emit(started('c'));
    io.send('SIGINT');
    expect(left).toEqual([]);
    io.send('SIGINT');
    expect(left).toEqual(['done a b, closed 1 times, left 0 times']);
    expect(io.left).toEqual([130]);
  });

  it.each(['before it has begun', 'when it is over'])('has no last word %s', (when) => {
    const { io, left, sink } = start();
    if (when === 'when it is over') {
      sink.emit({ type: 'operation-started', plan, at: 0 });
      sink.emit({ type: 'operation-finished', result: {} as OperationResult, at: 0 });
    }
    io.send('SIGINT');
    io.send('SIGINT');
    expect(left).toEqual([]);
    expect(io.left).toEqual([130]);
  });

  it('lets go of everything when it is closed', async () => {
    const { io, interrupt, told, sink } = start();
    sink.emit({ type: 'operation-started', plan, at: 0 });
    sink.emit(started('b'));
    sink.close();
    const guarded = interrupt.guard(new Promise(() => {}));
    io.send('SIGINT');
    await expect(guarded).rejects.toThrow('interrupted');
    expect(told.filter((line) => line.startsWith('stop'))).toEqual([]);
  });
});
