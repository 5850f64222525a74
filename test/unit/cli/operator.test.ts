import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { liveness, operatorOf } from '../../../src/cli/operator.ts';

const { host } = operatorOf('ann');

describe('liveness', () => {
  it('sees this process', () => expect(liveness({ host, pid: process.pid })).toBe('alive'));

  it('sees that a process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    expect(liveness({ host, pid })).toBe('gone');
  });

  it('takes the first process, which belongs to another client, for alive', () => expect(liveness({ host, pid: 1 })).toBe('alive'));

  it('knows nothing of another machine, even one of the same name', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    expect(liveness({ host: 'other', pid })).toBe('elsewhere');
    expect(liveness({ host: hostname(), pid })).toBe('elsewhere');
    expect(liveness({ host: `${hostname()}#000000`, pid })).toBe('elsewhere');
  });
});

it('tells the host apart from others of its name', () => {
  expect(host).toMatch(/^.+#[0-9a-f]{6}$/);
  expect(operatorOf('ann')).toEqual({ user: 'ann', host, pid: process.pid });
});
