import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventSink, OperationEvent } from '../../../../src/plan/events.ts';
import { createSink, resolveProgress } from '../../../../src/render/live/sink.ts';
import { FakeTerminal, fakeIo, plainText } from '../../../support/fake-terminal.ts';
import { samplePlan, sampleResult } from '../../../support/render-samples.ts';

const AT = Date.parse('2026-06-01T12:00:00Z');
const plan = samplePlan(2);

/** Events of a whole operation; the second step held already. */
export function play(sink: EventSink, until = plan.steps.length): void {
  sink.emit({ type: 'operation-started', plan, at: AT });
  for (const [index, { id, title }] of plan.steps.slice(0, until).entries()) {
    sink.emit({ type: 'step-started', id, title, index, total: plan.steps.length, at: AT });
    sink.emit({ type: 'step-finished', id, title, at: AT, tookMs: 1200 * index, already: index === 1 });
  }
}

test.each([
  ['auto', true, {}, 'live'],
  ['auto', true, { TERM: 'dumb' }, 'plain'],
  ['auto', true, { CI: 'true' }, 'plain'],
  ['auto', false, {}, 'plain'],
  ['live', false, {}, 'plain'],
  ['live', true, { CI: 'true' }, 'live'],
  ['json', true, {}, 'json'],
  ['none', true, {}, 'none'],
] as const)('--progress %s, terminal %s, %j: %s', (choice, isTTY, env, expected) => {
  expect(resolveProgress(choice, { isTTY, env })).toBe(expected);
});

describe('plain lines', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('one line per step, by the server’s time', () => {
    const terminal = new FakeTerminal({ isTTY: false });
    const sink = createSink('plain', fakeIo(terminal));
    play(sink);
    sink.emit({ type: 'operation-finished', result: sampleResult(plan, 'done'), at: AT });
    sink.close();
    expect(terminal.written).toMatchInlineSnapshot(`
      "12:00:00Z delete prod/web: 6 steps, plan 0123456789abcdef
      12:00:00Z [1/6] done  save the manifest in Secret sts-safe.web.1 (0.0s)
      12:00:00Z [2/6] already done  keep the claims: retention policy Retain, owner references off (1.2s)
      12:00:00Z [3/6] done  stop member web-1 (2.4s)
      12:00:00Z [4/6] done  stop member web-0 (3.6s)
      12:00:00Z [5/6] done  delete StatefulSet web, leaving everything it owns (4.8s)
      12:00:00Z [6/6] done  verify that 2 PVCs are the same objects (6.0s)
      12:00:00Z done: 6 of 6 steps
      "
    `);
  });

  test('failures, warnings and stops', () => {
    const terminal = new FakeTerminal({ isTTY: false });
    const sink = createSink('plain', fakeIo(terminal));
    play(sink, 1);
    sink.emit({ type: 'warning', message: 'an Event was not written', at: AT });
    sink.emit({ type: 'stop-deferred', message: 'stopping after this step', at: AT });
    sink.emit({ type: 'step-failed', id: 'protect', title: 'keep the PVCs', message: 'no\u001b[2J', at: AT });
    const [, , warning, deferred, failed] = terminal.written.split('\n');
    expect([warning, deferred, failed]).toEqual([
      '12:00:00Z ! an Event was not written',
      '12:00:00Z ! stopping after this step',
      '12:00:00Z [2/6] failed  keep the PVCs: no\\x1b[2J',
    ]);
    sink.close();
  });

  test('a long wait says every 30 s that it is still at it, with the latest note', () => {
    const terminal = new FakeTerminal({ isTTY: false });
    const io = fakeIo(terminal);
    const sink = createSink('plain', io);
    sink.emit({ type: 'operation-started', plan, at: AT });
    sink.emit({ type: 'step-started', id: 'archive', title: 'save', index: 0, total: 6, at: AT });
    sink.emit({ type: 'step-note', id: 'archive', message: '30s left', at: AT });
    sink.emit({ type: 'step-note', id: 'archive', message: '29s left', at: AT });
    expect(terminal.written.trim().split('\n')).toHaveLength(1);
    io.tick(1_000);
    vi.advanceTimersByTime(1_000);
    sink.emit({ type: 'step-note', id: 'archive', message: '28s left', at: AT + 1_000 });
    io.tick(29_000);
    vi.advanceTimersByTime(29_000);
    const lines = terminal.written.trim().split('\n');
    expect(lines.slice(1)).toEqual(['12:00:01Z [1/6] save', '12:00:01Z         29s left', '12:00:30Z still waiting (30s): save: 28s left']);
    sink.close();
    vi.advanceTimersByTime(60_000);
    expect(terminal.written.trim().split('\n')).toHaveLength(lines.length);
  });
});

test('JSON lines: one event a line, the same data, nothing raw', () => {
  const terminal = new FakeTerminal({ isTTY: false });
  const sink = createSink('json', fakeIo(terminal));
  const event: OperationEvent = { type: 'warning', message: 'evil \u009b31m \u202e', at: AT };
  sink.emit(event);
  sink.close();
  sink.emit(event);
  expect(terminal.written).not.toMatch(/[\u009b\u202e]/);
  expect(JSON.parse(terminal.written)).toEqual({
    apiVersion: 'sts-safe.dev/v1',
    kind: 'Event',
    time: '2026-06-01T12:00:00.000Z',
    type: 'warning',
    message: event.message,
  });
});

describe.each(['plain', 'json', 'live'] as const)('%s', (choice) => {
  test('never throws on a stream that is gone, and may be closed twice', async () => {
    const terminal = new FakeTerminal();
    const sink = createSink(choice, fakeIo(terminal));
    play(sink, 1);
    terminal.broken = true;
    play(sink, 2);
    terminal.emit('error', new Error('EPIPE'));
    sink.close();
    sink.close();
    sink.emit({ type: 'warning', message: 'after the end', at: AT });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(plainText(terminal.written)).not.toContain('after the end');
  });
});
