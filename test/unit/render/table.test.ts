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

test('no character is cut in half, however wide a library may think it is', () => {
  for (const odd of ['🈂', '🌡', '©', '👩‍🚀', 'é'])
    expect(table([{ header: 'A' }, { header: 'B' }], [[`x${odd}`, 'y']], { headers: false, width: 80 })).toMatch(
      new RegExp(`^x${odd} +y$`),
    );
});

test('a column that wraps goes on below itself, and leaves the others whole', () => {
  const wrapping = [{ header: 'NAME' }, { header: 'NOW', flexible: true as const }, { header: 'THEN', wraps: true as const }];
  const fate = [
    ['web', 'not there', 'created with 3 replicas of example.invalid/web:1'],
    ['web-0', 'the same object', 'attached'],
  ];
  expect(table(wrapping, fate, { headers: true, width: 60 })).toBe(
    [
      'NAME    NOW               THEN',
      'web     not there         created with 3 replicas of',
      '                          example.invalid/web:1',
      'web-0   the same object   attached',
    ].join('\n'),
  );
  expect(table(wrapping, fate, { headers: true, width: 90 }).split('\n')).toHaveLength(3);
});

test('where the line would not fit, columns that say nothing are left out, the last first and no more than needed', () => {
  const isIdle = (text: string): boolean => text === '0';
  const idle = [{ header: 'NAME' }, { header: 'OLD', isIdle }, { header: 'RESTARTS', isIdle }, { header: 'NODE' }];
  const draw = (old: string, restarts: string, width: number): string | undefined =>
    table(
      idle,
      [
        ['web-0', old, '0', 'node-0'],
        ['web-1', '0', restarts, 'node-1'],
      ],
      { headers: true, width },
    ).split('\n')[0];
  expect(draw('0', '0', 31)).toBe('NAME    OLD   RESTARTS   NODE');
  expect(draw('0', '0', 28)).toBe('NAME    OLD   NODE');
  expect(draw('0', '0', 15)).toBe('NAME    NODE');
  expect(draw('0', '7', 15)).toBe('NAME    RESTARTS   NODE');
  // A cell is not cut for the sake of such a column.
  const cut = [{ header: 'NAME' }, { header: 'STATUS', flexible: true as const }, { header: 'RESTARTS', isIdle }];
  expect(table(cut, [['web-0', 'Running, not ready', '0']], { headers: false, width: 29 })).toBe('web-0   Running, not ready');
  expect(draw('1', '7', 15)).toBe('NAME    OLD   RESTARTS   NODE');
});
