import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Beginning, differenceOf, type Entry, journalPath, openJournal, readJournal } from '../../../src/runbook/journal.ts';

const beginning: Beginning = { runbook: 'digest', parameters: { to: 3 }, cluster: 'c', namespace: 'shop' };
const run: Entry = { entry: 'run', schema: 1, at: '2026-06-01T11:00:00Z', ...beginning };
const begun = (step: string): Entry => ({ entry: 'begun', step, at: '' });
const done = (step: string): Entry => ({ entry: 'done', step, at: '', message: 'ok', mark: { uid: 'u', generation: 4 } });

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sts-journal-'));
  path = join(folder, 'state', 'runs', 'a.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(...entries: readonly Entry[]): Promise<void> {
  await using journal = await openJournal(path);
  for (const entry of entries) await journal.add(entry);
}

describe('a journal', () => {
  it('says what is done, and what was begun', async () => {
    expect(await readJournal(path)).toBeUndefined();
    await write(run, begun('a'), done('a'), begun('b'));
    const history = await readJournal(path);
    expect(history).toMatchObject({ beginning, open: 'b', isFinished: false });
    expect([...(history?.done.values() ?? [])]).toEqual([done('a')]);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('is about its last run alone', async () => {
    await write(run, begun('a'), done('a'), { entry: 'finished', at: '' }, { ...run, parameters: { to: 5 } }, begun('a'));
    expect(await readJournal(path)).toMatchObject({ beginning: { parameters: { to: 5 } }, open: 'a', done: new Map(), isFinished: false });
  });

  it('forgets the line that was half written when the process ended', async () => {
    await write(run, begun('a'));
    appendFileSync(path, '{"entry":"done","step":"a","at"');
    expect(await readJournal(path)).toMatchObject({ open: 'a', done: new Map() });
    await write(done('a'));
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    expect((await readJournal(path))?.open).toBeUndefined();
  });

  it.each([
    ['no JSON', 'begun a\n', /, line 1 is damaged$/],
    ['another version', '{"entry":"run","schema":2}\n', /is no journal of this version$/],
    ['something else', '{"kind":"List"}\n', /is no journal of this version$/],
  ])('is refused: %s', async (_, text, message) => {
    const file = join(folder, 'x');
    writeFileSync(file, text);
    await expect(readJournal(file)).rejects.toThrow(message);
  });

  it('that cannot be written is told before anything is done', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openJournal(join(folder, 'file', 'a'))).rejects.toThrow(/^journal .* cannot be written: /);
  });

  it('has a place for each runbook, cluster and namespace', () => {
    const place = (runbook: string, of: Partial<Beginning>, env = {}) => journalPath(runbook, { ...beginning, ...of }, env, '/home/ann');
    const one = place('/r/up.yaml', {});
    expect(one).toMatch(/^\/home\/ann\/\.local\/state\/kubectl-sts-safe\/runs\/up-[0-9a-f]{12}\.jsonl$/);
    expect(place('/r/up.yaml', {}, { XDG_STATE_HOME: '/state' })).toMatch(/^\/state\/kubectl-sts-safe\/runs\/up-/);
    const others = [place('/other/up.yaml', {}), place('/r/up.yaml', { namespace: 'x' }), place('/r/up.yaml', { cluster: 'x' })];
    expect(new Set([one, ...others]).size).toBe(4);
  });
});

describe('a journal of another run', () => {
  it.each([
    ['the same', {}, undefined],
    ['another runbook', { runbook: 'other' }, 'the runbook was changed since'],
    ['another cluster', { cluster: 'd' }, 'it was begun on another cluster'],
    ['another namespace', { namespace: 'test' }, 'it was begun in namespace shop, this is test'],
    ['another value', { parameters: { to: 4 } }, 'parameter to was 3, this is 4'],
    ['a value of another type', { parameters: { to: '3' } }, 'parameter to was 3, this is "3"'],
    ['a parameter more', { parameters: { to: 3, by: 'x' } }, 'parameter by was undefined, this is "x"'],
  ])('%s', (_, other, words) => {
    expect(differenceOf(beginning, { ...beginning, ...other })).toBe(words);
  });
});
