import { describe, expect, it } from 'vitest';
import { Interrupt } from '../../../src/cli/interrupt.ts';
import { StoppedError } from '../../../src/domain/errors.ts';
import { FakeIo } from './fakes.ts';

function start() {
  const io = new FakeIo();
  const interrupt = new Interrupt(io);
  const told: string[] = [];
  interrupt.onStop((by, when, leftMs) => told.push(`${by} ${when}${leftMs === 0 ? '' : `, ${leftMs} ms left`}`));
  return { io, interrupt, told };
}

describe('Interrupt', () => {
  it('asks for a stop on the first Ctrl-C', () => {
    const { io, interrupt, told } = start();
    io.send('SIGINT');
    expect(interrupt.signal.reason).toMatchObject({ name: 'StoppedError', by: 'interrupt' });
    expect(told).toEqual(['interrupt now']);
    expect(io.left).toEqual([]);
  });

  it('leaves at once on the second, giving the terminal back first', () => {
    const { io, interrupt } = start();
    const order: string[] = [];
    interrupt.beforeLeaving(() => order.push(`restored, left ${io.left.length} times`));
    io.send('SIGINT');
    io.send('SIGINT');
    expect(order).toEqual(['restored, left 0 times']);
    expect(io.left).toEqual([130]);
  });

  it('leaves on the second even if what is to be done first fails', () => {
    const { io, interrupt } = start();
    interrupt.beforeLeaving(() => {
      throw new Error('the terminal is gone');
    });
    io.send('SIGINT');
    expect(() => io.send('SIGINT')).toThrow('the terminal is gone');
    expect(io.left).toEqual([130]);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('takes %s for a request to end, however often it comes', (signal) => {
    const { io, interrupt } = start();
    io.send(signal);
    io.send(signal);
    expect(interrupt.signal.reason).toMatchObject({ by: 'terminate' });
    expect(io.left).toEqual([]);
  });

  it('waits for the end of a section that cannot be interrupted', () => {
    const { io, interrupt, told } = start();
    const leave = interrupt.enterSection(() => 30_000);
    io.send('SIGINT');
    io.send('SIGINT');
    expect(interrupt.signal.aborted).toBe(false);
    leave();
    expect(interrupt.signal.aborted).toBe(true);
    expect(told).toEqual(['interrupt deferred, 30000 ms left', 'interrupt deferred, 30000 ms left', 'interrupt now']);
    expect(io.left).toEqual([]);
  });

  it('waits for the outermost section, whose end counts once', () => {
    const { io, interrupt } = start();
    const leaveOuter = interrupt.enterSection(() => 30_000);
    const leaveInner = interrupt.enterSection(() => 30_000);
    io.send('SIGTERM');
    leaveInner();
    leaveInner();
    expect(interrupt.signal.aborted).toBe(false);
    leaveOuter();
    expect(interrupt.signal.aborted).toBe(true);
  });

  it('ends work that does not watch the signal', async () => {
    const { io, interrupt } = start();
    const guarded = interrupt.guard(new Promise(() => {}));
    io.send('SIGINT');
    await expect(guarded).rejects.toThrow(StoppedError);
  });

  it('leaves work that attends to the signal to its own end', async () => {
    const { io, interrupt } = start();
    const work = Promise.withResolvers<number>();
    const guarded = interrupt.guard(work.promise);
    const release = interrupt.attend();
    io.send('SIGINT');
    release();
    work.resolve(4);
    await expect(guarded).resolves.toBe(4);
  });

  it('takes its handlers away', () => {
    const { io, interrupt } = start();
    expect(io.listening).toBe(3);
    interrupt.dispose();
    expect(io.listening).toBe(0);
  });
});
