import { expect, test } from 'vitest';
import { createRedraw } from '../../../../src/render/live/redraw.ts';
import { FakeTerminal } from '../../../support/fake-terminal.ts';

const on = (terminal: FakeTerminal) => createRedraw(terminal as unknown as NodeJS.WriteStream);
const taken = (terminal: FakeTerminal) => {
  const { written } = terminal;
  terminal.written = '';
  return written;
};

test('the next text takes the place of the last, wrapped lines and all', () => {
  const terminal = new FakeTerminal({ columns: 10 });
  const redraw = on(terminal);
  redraw.show('one\na line of 18 cells');
  expect(taken(terminal)).toBe('one\na line of 18 cells\n');
  redraw.show('two');
  expect(taken(terminal)).toBe('\u001b[3A\r\u001b[Jtwo\n');
  redraw.show('three');
  expect(taken(terminal)).toBe('\u001b[1A\r\u001b[Jthree\n');
});

test('the same text again paints nothing', () => {
  const terminal = new FakeTerminal();
  const redraw = on(terminal);
  redraw.show('x');
  taken(terminal);
  redraw.show('x');
  expect(taken(terminal)).toBe('');
});

test('what is taller than the terminal is cut, and said so', () => {
  const terminal = new FakeTerminal({ rows: 5 });
  on(terminal).show('1\n2\n3\n4\n5\n6\n7');
  expect(taken(terminal)).toBe('1\n2\n3\n… 4 more lines\n');
});

test('a resize paints again; after close nothing does', () => {
  const terminal = new FakeTerminal();
  const redraw = on(terminal);
  redraw.show('x');
  taken(terminal);
  terminal.emit('resize');
  expect(taken(terminal)).toBe('\u001b[1A\r\u001b[Jx\n');
  redraw.close();
  redraw.close();
  terminal.emit('resize');
  expect(taken(terminal)).toBe('');
});

test('a closed terminal is no error', () => {
  const terminal = new FakeTerminal();
  const redraw = on(terminal);
  terminal.broken = true;
  redraw.show('x');
  redraw.close();
});
