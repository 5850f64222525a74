import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim, isHeld, release, whileHolding } from '../host/claim.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sts-claim-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('claim', () => {
  it('is for one holder, also within one process', () => {
    const path = join(dir, 'a');
    expect([claim(path), claim(path)]).toEqual([true, false]);
    release(path);
    expect(claim(path)).toBe(true);
    expect(readdirSync(dir)).toEqual(['a']);
  });

  it('outlives its holder no longer than the process does', async () => {
    const path = join(dir, 'b');
    const module = join(import.meta.dirname, '..', 'host', 'claim.ts');
    const script = `import { claim } from ${JSON.stringify(module)}; claim(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1e6)`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect([isHeld(path), claim(path)]).toEqual([true, false]);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect([isHeld(path), claim(path), isHeld(path)]).toEqual([false, true, true]);
  });
});

describe('whileHolding', () => {
  it('runs one at a time and tells once that it waits', async () => {
    const path = join(dir, 'c');
    const told: number[] = [];
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all([1, 2, 3].map((it) => whileHolding(path, () => told.push(it), work)));
    expect(told).toEqual([2, 3]);
    expect(isHeld(path)).toBe(false);
  });
});
