import { expect, test } from 'vitest';
import { styleFor } from '../../../src/render/style.ts';
import { table } from '../../../src/render/table.ts';

const columns = [{ header: 'NAME' }, { header: 'READY' }, { header: 'REASON', flexible: true as const }];
const rows = [
  ['web', '3/3', 'all is well'],
  ['a-long-name', '0/1', ''],
];

test('kubectl’s columns: three blanks between, none at the end', () => {
  expect(table(columns, rows, { headers: true, width: Number.POSITIVE_INFINITY })).toBe(
    ['NAME          READY   REASON', 'web           3/3     all is well', 'a-long-name   0/1'].join('\n'),
  );
});

test('--no-headers', () => {
  expect(table(columns, [['web', '3/3', 'x']], { headers: false, width: 80 })).toBe('web   3/3   x');
  expect(table(columns, [], { headers: false, width: 80 })).toBe('');
});

test('only the flexible column is cut, and never below a readable rest', () => {
  const lines = table(columns, [['web', '3/3', 'a reason that goes on and on and on']], { headers: false, width: 30 });
  expect(lines).toBe('web   3/3   a reason that goe…');
  expect(table(columns, [['web', '3/3', 'a reason that goes on']], { headers: false, width: 5 })).toBe('web   3/3   a reason th…');
});

test('colours and wide characters keep the columns straight', () => {
  const painted = [{ header: 'A', paint: styleFor(true).good }, { header: 'B' }];
  expect(
    table(
      painted,
      [
        ['数', 'x'],
        ['yy', 'x'],
      ],
      { headers: false, width: 80 },
    ),
  ).toBe('\u001b[32m数\u001b[39m   x\n\u001b[32myy\u001b[39m   x');
});
