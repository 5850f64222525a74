import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { markUsed, prune } from '../build/prune.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sts-prune-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

it('keeps the three builds of a module that were used last, and everything else', () => {
  const builds = ['1', '2', '3', '4', '5'].map((it) => `kwok-${it.repeat(16)}`);
  for (const [age, name] of [...builds, 'kwok-other-1', `kube-1.36-${'6'.repeat(16)}`].entries()) {
    mkdirSync(join(cache, name));
    utimesSync(join(cache, name), 1000 - age, 1000 - age);
  }
  markUsed(join(cache, builds[4] as string));
  prune('kwok', cache);
  expect(new Set(readdirSync(cache))).toEqual(new Set([`kube-1.36-${'6'.repeat(16)}`, builds[0], builds[1], builds[4], 'kwok-other-1']));
});
