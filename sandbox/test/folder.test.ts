import { describe, expect, it } from 'vitest';
import { podRange } from '../control-plane/kwok.ts';
import { folderOf } from '../host/folder.ts';

describe('folderOf', () => {
  it('refuses names that are not plain', () => {
    for (const name of ['', '..', 'A', 'a/b', '-a', 'a'.repeat(33)])
      expect(() => folderOf(name, '/tmp')).toThrow("cannot be a sandbox's name");
  });

  it('refuses a path that is too long for a unix socket', () => {
    expect(() => folderOf('a', `/${'x'.repeat(90)}`)).toThrow('STS_SAFE_SANDBOX_STATE');
    expect(folderOf('a', '/tmp').controlSocket).toBe('/tmp/a/control.sock');
  });
});

describe('podRange', () => {
  it('gives every start its own addresses within 198.18.0.0/15', () => {
    const ranges = Array.from({ length: 64 }, (_, start) => podRange(start));
    expect(new Set(ranges).size).toBe(64);
    expect([ranges[0], ranges[1], ranges[63], podRange(64)]).toEqual([
      '198.18.0.0/21',
      '198.18.8.0/21',
      '198.19.248.0/21',
      '198.18.0.0/21',
    ]);
  });
});
