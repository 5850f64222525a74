import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../src/cli/dispatch.ts';
import { UsageError } from '../../../src/domain/errors.ts';
import { main } from '../../../src/main.ts';
import { registry } from '../../../src/registry.ts';
import { FakeIo, noting } from './fakes.ts';

const program = (io: FakeIo) => ({ loaders: registry, session: () => noting(io).session });

async function run(line: string) {
  const io = new FakeIo();
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    io,
  );
  return { code, out: io.out(), err: io.err() };
}

describe('help', () => {
  it.each(['', '-h', '--help', 'help', '-n prod'])('"%s" is the overview', async (line) => {
    const { code, out, err } = await run(line);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('COMMANDS\n');
  });

  it.each(['help scale', 'scale -h', 'scale --help', '--help scale', 'scale web -yh', '-n prod scale --help --replicas 3'])(
    '"%s" is the help of scale',
    async (line) => {
      const { code, out, err } = await run(line);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('kubectl sts-safe scale NAME --replicas N [flags]');
    },
  );

  it('does not hide a wrong flag', async () => {
    expect(await run('scale --help --bogus')).toMatchObject({ code: 2, out: '', err: 'error: unknown flag: --bogus\n' });
  });
});

describe('what is wrong', () => {
  it.each([
    ['sacle web', 'error: unknown command "sacle"\nhint: did you mean kubectl sts-safe scale?\n'],
    ['undo web', 'error: unknown command "undo"\nhint: did you mean kubectl sts-safe rollout undo?\n'],
    ['rollback web', 'error: unknown command "rollback"\nhint: did you mean kubectl sts-safe rollout undo?\n'],
    ['retire a', 'error: unknown command "retire"\nhint: did you mean kubectl sts-safe pvc retire?\n'],
    ['get sts', 'error: unknown command "get"\nhint: did you mean kubectl sts-safe status?\n'],
    ['scale web 3', 'error: one StatefulSet at a time, not web, 3\nhint: did you mean --replicas=3?\n'],
    [
      'delete web --force',
      'error: unknown flag: --force\nhint: nothing is forced: --allow ID overrides a check, "force-delete" is for a Pod of a lost node\n',
    ],
    [
      'delete web --cascade=orphan',
      'error: unknown flag: --cascade\nhint: Pods are always removed in order, and PVCs are retained unless --delete-claims is set\n',
    ],
    ['frobnicate', 'error: unknown command "frobnicate"\nhint: kubectl sts-safe --help lists the commands\n'],
    ['help nope', 'error: unknown command "nope"\nhint: kubectl sts-safe --help lists the commands\n'],
    ['--bogus', 'error: unknown flag: --bogus\n'],
    ['scale web --replica 3', 'error: unknown flag: --replica\nhint: did you mean --replicas?\n'],
  ])('%s', async (line, err) => {
    expect(await run(line)).toEqual({ code: 2, out: '', err });
  });
});

describe('dispatch', () => {
  it('finds the command behind flags and their values', async () => {
    const io = new FakeIo();
    await expect(dispatch(['-n', 'delete', '--context=status', 'version', '--client'], io, program(io))).resolves.toBe(0);
  });

  it('leaves no handlers behind', async () => {
    const io = new FakeIo();
    await dispatch(['version', '--client'], io, program(new FakeIo()));
    expect(io.listening).toBe(0);
  });

  it('passes errors on', async () => {
    const io = new FakeIo();
    await expect(dispatch(['version', '-o', 'xml'], io, program(io))).rejects.toThrow(UsageError);
  });
});

describe('version', () => {
  it.each(['--version', 'version --client'])('%s', async (line) => {
    const { code, out, err } = await run(line);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Client Version: v\d+\.\d+\.\d+/);
  });
});
