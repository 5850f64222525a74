import { describe, expect, it } from 'vitest';
import { consentFrom } from '../../../src/cli/consent.ts';
import { askChoice, askTyped, askYesNo, hasTerminal } from '../../../src/cli/prompt.ts';
import { RefusedError } from '../../../src/domain/errors.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { FakeIo } from './fakes.ts';

function piped() {
  const io = new FakeIo();
  io.stdin.write('y\nweb\n');
  return Object.assign(io, { signal: new AbortController().signal });
}

const plan = (consent: Plan['consent']) =>
  ({
    consent,
    summary: 'delete StatefulSet web',
    digest: 'd1',
    target: { namespace: 'prod', name: 'web' },
    cluster: { context: 'c', server: 's', identity: 'i' },
  }) as Plan;

describe('without a terminal', () => {
  it('needs both ends to be one', () => {
    const io = piped();
    expect(hasTerminal(io)).toBe(false);
    io.stdin.isTTY = true;
    expect(hasTerminal(io)).toBe(false);
    io.stderr.isTTY = true;
    expect(hasTerminal(io)).toBe(true);
    io.stdin.isTTY = false;
    expect(hasTerminal(io)).toBe(false);
  });

  it.each([
    ['a yes/no question', () => askYesNo('Sure?', piped()), 'add --yes'],
    ['a name', () => askTyped('web', 'Which?', piped()), 'add --confirm web'],
    ['a choice', () => askChoice('Which?', [{ name: 'a', value: 1 }], piped(), '--pick'), 'add --pick'],
    ['consent', () => consentFrom({}, piped()).ask(plan({ kind: 'yes-no' })), 'add --yes, or --confirm plan:d1'],
    [
      'typed consent',
      () => consentFrom({ yes: true }, piped()).ask(plan({ kind: 'typed', name: 'web' })),
      'add --confirm web, or --confirm plan:d1',
    ],
  ])('takes no piped input for %s', async (_, ask, hint) => {
    await expect(ask()).rejects.toThrow(RefusedError);
    await expect(ask()).rejects.toThrow(expect.objectContaining({ hint }));
  });

  it('takes over only with its own flag', async () => {
    await expect(async () =>
      consentFrom({ yes: true }, piped()).takeOver(
        { cluster: { context: 'c', server: 's', identity: '', flags: [] }, target: { namespace: 'n', name: 'web' } },
        'ann is silent',
      ),
    ).rejects.toThrow(expect.objectContaining({ hint: 'add --take-over' }));
  });

  it('needs no question when a flag answers', async () => {
    await expect(consentFrom({ yes: true }, piped()).ask(plan({ kind: 'yes-no' }))).resolves.toBe('yes');
    await expect(consentFrom({ confirm: 'web' }, piped()).ask(plan({ kind: 'typed', name: 'web' }))).resolves.toBe('yes');
  });

  it('says whether it has asked', async () => {
    const byFlag = consentFrom({ yes: true }, piped());
    await byFlag.ask(plan({ kind: 'yes-no' }));
    expect(byFlag.prompted).toBe(false);
    const leaving = new AbortController();
    const io = Object.assign(piped(), { signal: leaving.signal });
    Object.assign(io.stdin, { isTTY: true });
    Object.assign(io.stderr, { isTTY: true });
    const byPrompt = consentFrom({}, io);
    const answer = byPrompt.ask(plan({ kind: 'yes-no' }));
    leaving.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    expect(byPrompt.prompted).toBe(true);
  });
});
