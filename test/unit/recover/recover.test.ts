import { describe, expect, it } from 'vitest';
import type { Remedy, Severity } from '../../../src/domain/finding.ts';
import type { DoctorReport, SharedFinding } from '../../../src/inspect/doctor.ts';
import type { Health } from '../../../src/inspect/verdict/kinds.ts';
import { type RecoverEvent, recover } from '../../../src/recover/recover.ts';
import { type Answer, type Screen, screenOf, whyOf } from '../../../src/recover/screen.ts';

const fix: Remedy = { do: 'kubectl', args: ['delete', 'pod', 'web-1'] };
const look: Remedy = { do: 'kubectl', args: ['logs', 'web-1'] };

function finding(id: string, remedies: readonly Remedy[] = [fix, look], severity: Severity = 'blocks'): SharedFinding {
  const subject = { kind: 'pod', name: 'web-1' };
  return {
    id,
    severity,
    grade: 'proven',
    subject,
    message: `${id} is so`,
    evidence: [],
    remedies,
    override: 'never',
    sets: [{ namespace: 'prod', name: 'web' }],
  };
}

const report = (health: Health, ...findings: readonly SharedFinding[]): DoctorReport => ({
  sets: [{ namespace: 'prod', name: 'web', health, reason: `it is ${health}` }],
  findings,
  unknown: [],
});
const well = report('Healthy', finding('practice', [], 'notes'));

interface Script {
  /** What is seen, one look after the other; the last one stays. */
  readonly looks: readonly DoctorReport[];
  readonly answers?: readonly ((screen: Screen) => Answer)[];
  readonly exitCode?: number;
  readonly settles?: 'healthy' | 'never' | 'timeout';
}

async function play({ looks, answers = [], exitCode = 0, settles = 'healthy' }: Script) {
  const [seen, asked] = [[...looks], [...answers]];
  const told: string[] = [];
  const tell = (event: RecoverEvent): void => {
    told.push(event.type);
  };
  const code = await recover({
    examine: () => Promise.resolve((seen.length > 1 ? seen.shift() : seen[0]) ?? well),
    ask: (screen) => {
      told.push(`asks about ${screen.finding.id}`);
      const next = asked.shift();
      if (next === undefined) throw new Error('nobody answers');
      return Promise.resolve(next(screen));
    },
    explain: ({ id }) => void told.push(`explains ${id}`),
    print: ({ fixes }) => void told.push(`prints ${fixes.length}`),
    run: (remedy) => {
      told.push(`runs ${remedy.do === 'kubectl' ? remedy.args.join(' ') : remedy.operation}`);
      return Promise.resolve(exitCode);
    },
    settle: () => {
      told.push('settles');
      return Promise.resolve(settles);
    },
    tell,
  });
  return { code, told };
}

const first = ({ fixes: [remedy] }: Screen): Answer => remedy ?? 'quit';
const broken = report('Degraded', finding('crash-loop'));

describe('recover', () => {
  it('has nothing to do for a set that is healthy', async () => {
    expect(await play({ looks: [well] })).toEqual({ code: 0, told: ['healthy'] });
  });

  it('runs what is chosen, waits, and looks again', async () => {
    const { code, told } = await play({ looks: [broken, broken, well], answers: [first] });
    expect([code, told]).toEqual([0, ['asks about crash-loop', 'runs delete pod web-1', 'settles', 'healthy']]);
  });

  it('goes on to what is wrong after that', async () => {
    const then = report('Stalled', finding('forced-rollback'));
    const { told } = await play({ looks: [broken, broken, then, then, well], answers: [first, first] });
    expect(told.filter((line) => line.startsWith('asks'))).toEqual(['asks about crash-loop', 'asks about forced-rollback']);
  });

  it('answers why and which commands, shows more, and asks again', async () => {
    const { told } = await play({ looks: [broken], answers: [() => 'why', () => 'print', ({ looks: [one = fix] }) => one, () => 'quit'] });
    expect(told).toEqual([
      'asks about crash-loop',
      'explains crash-loop',
      'asks about crash-loop',
      'prints 1',
      'asks about crash-loop',
      'runs logs web-1',
      'asks about crash-loop',
    ]);
  });

  it('runs nothing for what has passed while the question was open', async () => {
    const { code, told } = await play({ looks: [broken, well], answers: [first] });
    expect([code, told]).toEqual([0, ['asks about crash-loop', 'passed', 'healthy']]);
  });

  it('tells how a command ended that did not do it, and asks again', async () => {
    const { code, told } = await play({ looks: [broken], answers: [first, () => 'quit'], exitCode: 3 });
    expect([code, told.slice(1)]).toEqual([5, ['runs delete pod web-1', 'ended', 'asks about crash-loop']]);
  });

  it('goes to the next problem, and ends when all were passed over', async () => {
    const two = report('Stalled', finding('crash-loop'), finding('released-pod'));
    const { code, told } = await play({ looks: [two], answers: [() => 'next', () => 'next'] });
    expect([code, told]).toEqual([5, ['asks about crash-loop', 'asks about released-pod']]);
  });

  it('says what is left to a person where no command heals', async () => {
    const byHand = report('Degraded', finding('pod-on-lost-node', [{ do: 'operation', operation: 'node check', options: {} }, look]));
    expect(await play({ looks: [byHand] })).toEqual({ code: 5, told: ['by-hand'] });
  });

  it('waits for a set that is on its way, and says so where it does not arrive', async () => {
    const coming = report('Progressing');
    expect(await play({ looks: [coming] })).toEqual({ code: 0, told: ['settles', 'healthy'] });
    expect(await play({ looks: [coming], settles: 'timeout' })).toEqual({ code: 5, told: ['settles', 'unexplained'] });
    const { told } = await play({ looks: [coming, broken], settles: 'never', answers: [() => 'quit'] });
    expect(told).toEqual(['settles', 'asks about crash-loop']);
  });
});

describe('a screen', () => {
  it.each<[Remedy, boolean]>([
    [fix, true],
    [{ do: 'kubectl', args: ['patch', 'statefulset', 'web'] }, true],
    [{ do: 'operation', operation: 'rollout abort', options: {} }, true],
    [{ do: 'operation', operation: 'restore', options: { list: true } }, false],
    [{ do: 'operation', operation: 'node check', options: {} }, false],
    [look, false],
    [{ do: 'kubectl', args: ['describe', 'pod', 'web-1'] }, false],
  ])('takes %j for a fix: %s', (remedy, isFix) => {
    const { fixes, looks } = screenOf(finding('crash-loop', [remedy]));
    expect([fixes, looks]).toEqual(isFix ? [[remedy], []] : [[], [remedy]]);
  });

  it('says why in the words of the catalogue', () => {
    expect(whyOf(finding('crash-loop'))).toHaveLength(2);
    expect(whyOf(finding('no-such-finding'))).toEqual([]);
  });
});
