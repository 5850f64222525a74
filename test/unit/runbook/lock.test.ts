import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotError, RefusedError } from '../../../src/domain/errors.ts';
import { lockJournal } from '../../../src/runbook/lock.ts';

const me = { host: 'laptop#1', pid: 1 };
const other = { host: 'laptop#1', pid: 2 };
const alive = (): boolean => false;

let folder: string;
let journal: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sts-lock-'));
  journal = join(folder, 'runs', 'a.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a journal', () => {
  it('is for one process at a time, and given back', async () => {
    const lock = await lockJournal(journal, me, alive);
    await expect(lockJournal(journal, other, alive)).rejects.toThrow(RefusedError);
    await expect(lockJournal(journal, other, alive)).rejects.toThrow('another process is running this runbook (process 1 on laptop)');
    await lock[Symbol.asyncDispose]();
    await (await lockJournal(journal, other, alive))[Symbol.asyncDispose]();
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it('is taken from a process that is gone, and from no other', async () => {
    await lockJournal(journal, other, alive);
    await expect(lockJournal(journal, me, (runner) => runner.pid !== other.pid)).rejects.toThrow(RefusedError);
    await lockJournal(journal, me, (runner) => runner.pid === other.pid);
    await expect(lockJournal(journal, other, alive)).rejects.toThrow('process 1');
  });

  it('is had by one of many that begin at the same time', async () => {
    const all = await Promise.allSettled([3, 4, 5, 6].map((pid) => lockJournal(journal, { ...me, pid }, alive)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('that is damaged, or cannot be written, is nobody’s to take', async () => {
    await (await lockJournal(journal, me, alive))[Symbol.asyncDispose]();
    writeFileSync(`${journal}.lock`, 'x');
    await expect(lockJournal(journal, me, () => true)).rejects.toThrow(CannotError);
    expect(existsSync(`${journal}.lock`)).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    await expect(lockJournal(join(folder, 'file', 'a.jsonl'), me, alive)).rejects.toThrow(/cannot be locked/);
  });
});
