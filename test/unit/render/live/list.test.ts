import { expect, test, vi } from 'vitest';
import { createSink } from '../../../../src/render/live/sink.ts';
import { FakeTerminal, fakeIo, plainText } from '../../../support/fake-terminal.ts';
import { samplePlan, sampleResult } from '../../../support/render-samples.ts';

const AT = Date.parse('2026-06-01T12:00:00Z');

/** An operation on a live list, once listr2 is loaded and has painted. */
async function liveList(members: number, terminal = new FakeTerminal()) {
  const plan = samplePlan(members);
  const io = fakeIo(terminal);
  const sink = createSink('live', io);
  sink.emit({ type: 'operation-started', plan, at: AT });
  await vi.waitFor(() => expect(plainText(terminal.written)).toMatch(/0 of \d/), { timeout: 5000 });
  const finish = (index: number, tookMs = 1000) => {
    const { id, title } = plan.steps[index]!;
    sink.emit({ type: 'step-started', id, title, index, total: plan.steps.length, at: AT });
    sink.emit({ type: 'step-finished', id, title, at: AT, tookMs, already: false });
  };
  return { plan, io, sink, terminal, finish };
}

vi.setConfig({ testTimeout: 20_000 });

test('steps, the current one with its note, and a clean list at the end', async () => {
  const { plan, sink, terminal, finish, io } = await liveList(2);
  finish(0);
  finish(1, 2500);
  const { id, title } = plan.steps[2]!;
  sink.emit({ type: 'step-started', id, title, index: 2, total: 6, at: AT });
  io.tick(12_000);
  sink.emit({ type: 'step-note', id, message: '18s of 30s grace left', at: AT });
  await vi.waitFor(() => expect(plainText(terminal.written)).toContain('› 18s of 30s grace left'));
  sink.emit({ type: 'step-finished', id, title, at: AT, tookMs: 12_000, already: false });
  for (const index of [3, 4, 5]) finish(index);
  sink.emit({ type: 'operation-finished', result: sampleResult(plan, 'done'), at: AT });
  sink.close();
  expect(terminal.lines()).toMatchInlineSnapshot(`
    [
      "✔ delete prod/web 6 of 6 · 12s",
      "  ✔ save the manifest in Secret sts-safe.web.1 1.0s",
      "  ✔ keep the claims: retention policy Retain, owner references off 2.5s",
      "  ✔ stop member web-1 12s",
      "  ✔ stop member web-0 1.0s",
      "  ✔ delete StatefulSet web, leaving everything it owns 1.0s",
      "  ✔ verify that 2 PVCs are the same objects 1.0s",
      "",
    ]
  `);
  expect(terminal.written.endsWith('\u001b[?25h')).toBe(true);
});

test('a failed step says why, the others stay to be seen', async () => {
  const { plan, sink, terminal, finish } = await liveList(1);
  finish(0);
  const { id, title } = plan.steps[1]!;
  sink.emit({ type: 'step-started', id, title, index: 1, total: 5, at: AT });
  sink.emit({ type: 'step-failed', id, title, message: 'spec.replicas is 5, planned on 3', at: AT });
  sink.emit({ type: 'operation-finished', result: sampleResult(plan, 'fail'), at: AT });
  sink.close();
  expect(terminal.lines().slice(0, 5)).toMatchInlineSnapshot(`
    [
      "✖ delete prod/web 1 of 5 · 0s",
      "  ✔ save the manifest in Secret sts-safe.web.1 1.0s",
      "  ✖ keep the claims: retention policy Retain, owner references off",
      "    › spec.replicas is 5, planned on 3",
      "  · stop member web-0",
    ]
  `);
});

test('of a thousand steps those around the current one are shown', async () => {
  const { sink, terminal, finish } = await liveList(1000, new FakeTerminal({ rows: 14 }));
  for (let index = 0; index < 120; index++) finish(index);
  sink.close();
  const lines = terminal.lines().filter((line) => line !== '');
  expect(lines[0]).toMatch(/delete prod\/web 120 of 1004/);
  expect(lines.length).toBeLessThan(14);
  expect(lines.join('\n')).toContain('✔ stop member web-882');
  expect(lines.join('\n')).toContain('· stop member web-881');
});

test.each([20, 40, 200])('no line is wider than a terminal of %i columns', async (columns) => {
  const { sink, terminal, finish } = await liveList(2, new FakeTerminal({ columns }));
  finish(0);
  sink.close();
  expect(Math.max(...terminal.lines().map((line) => line.length))).toBeLessThanOrEqual(columns);
});

test('an operation that is over before the list is up is told in plain lines', async () => {
  const terminal = new FakeTerminal();
  const sink = createSink('live', fakeIo(terminal));
  sink.emit({ type: 'operation-started', plan: samplePlan(1), at: AT });
  sink.emit({ type: 'warning', message: 'quick', at: AT });
  sink.close();
  expect(plainText(terminal.written)).toContain('! quick');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(plainText(terminal.written).trim().split('\n')).toHaveLength(2);
  // Hidden for an instant or never: shown in the end.
  expect(terminal.written.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.written.lastIndexOf('\u001b[?25l'));
});

test('the terminal is not taken before the operation starts: consent is asked on it', async () => {
  const terminal = new FakeTerminal();
  const sink = createSink('live', fakeIo(terminal));
  sink.emit({ type: 'warning', message: 'the server warns', at: AT });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(terminal.written).toBe('12:00:00Z ! the server warns\n');
  // listr2 puts a write of its own on the stream while it has it.
  expect(Object.hasOwn(terminal, 'write')).toBe(false);
  sink.close();
});

test('a process that ends without closing gives the terminal back', async () => {
  const { terminal } = await liveList(1);
  const leave = process.listeners('exit').at(-1);
  leave?.(0);
  expect(terminal.written.endsWith('\u001b[?25h')).toBe(true);
});

test('no listener is left behind on the stream or the process', async () => {
  const names = ['SIGINT', 'SIGTERM', 'exit'];
  const before = names.map((name) => process.listenerCount(name));
  const { sink, terminal } = await liveList(1);
  sink.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(terminal.listenerCount('resize')).toBe(0);
  expect(names.map((name) => process.listenerCount(name))).toEqual(before);
});
