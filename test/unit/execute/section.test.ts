import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/domain/clock.ts';
import { StoppedError } from '../../../src/domain/errors.ts';
import { SECTION_MS, Section } from '../../../src/execute/section.ts';
import type { Step } from '../../../src/plan/plan.ts';
import { lost } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running, settle } from '../../support/model/running-set.ts';

const interrupt = new StoppedError('interrupt', 'Ctrl-C');
const timeout = new StoppedError('timeout', '--timeout of 5s is over');

/** A clock that a test moves, with at most one sleeper: the section's bound. */
function sectionOf() {
  const at = { now: 0, until: Number.POSITIVE_INFINITY };
  let wake = (): void => {};
  const clock: Clock = {
    now: () => at.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        at.until = at.now + ms;
        wake = resolve;
        signal?.addEventListener('abort', () => reject(new Error('over')));
      }),
  };
  const entered: (() => number)[] = [];
  let left = 0;
  const enterSection = (leftMs: () => number) => {
    entered.push(leftMs);
    return () => {
      left += 1;
    };
  };
  const section = new Section({ clock, enterSection });
  const pass = async (ms: number): Promise<void> => {
    at.now += ms;
    if (at.now >= at.until) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { section, entered, pass, left: () => left };
}

describe('a section that cannot be interrupted', () => {
  it.each([interrupt, timeout])('puts %s off until its end', (reason) => {
    const { section, entered, left } = sectionOf();
    section.begin();
    expect(section.ask(reason)).toBe(SECTION_MS);
    expect(section.stop.aborted).toBe(false);
    section.end();
    expect(section.stop.reason).toBe(reason);
    expect([entered.length, left()]).toEqual([1, 1]);
  });

  it('is one for all its writes', () => {
    const { section, entered, left } = sectionOf();
    section.begin();
    section.begin();
    expect(entered).toHaveLength(1);
    section.end();
    section.end();
    expect(left()).toBe(1);
  });

  it('says how long it lasts at most, and does not last longer', async () => {
    const { section, entered, pass, left } = sectionOf();
    section.begin();
    await pass(20_000);
    expect([entered[0]?.(), section.ask(interrupt)]).toEqual([SECTION_MS - 20_000, SECTION_MS - 20_000]);
    await pass(SECTION_MS - 20_000);
    expect(section.stop.reason).toBe(interrupt);
    expect(left()).toBe(1);
  });

  it('is no obstacle before it begins, nor to what was stopped before', () => {
    const { section, entered } = sectionOf();
    expect(section.ask(interrupt)).toBe(0);
    expect(section.stop.reason).toBe(interrupt);
    section.begin();
    expect(entered).toEqual([]);
  });

  it('goes by what asked first', () => {
    const { section } = sectionOf();
    section.begin();
    section.ask(timeout);
    section.ask(interrupt);
    section.end();
    expect(section.stop.reason).toBe(timeout);
  });
});

const CREATION = /^POST .*\/statefulsets$/;

/** A model in which a set of two was deleted, and somebody who restores it. */
async function restoring() {
  const cluster = running(2);
  expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  settle(cluster);
  const driver = driverOf(cluster);
  const began = cluster.now;
  const sections: string[] = [];
  driver.enterSection = () => {
    sections.push('entered');
    return () => sections.push('left');
  };
  return { cluster, driver, sections, tookMs: () => cluster.now - began };
}

describe('a restore whose API server goes away', () => {
  it('before the section has written anything ends at Ctrl-C, and tells both ways on, for its record stands', async () => {
    const { cluster, driver, sections, tookMs } = await restoring();
    const away = (): never => {
      throw lost();
    };
    let looks = 0;
    driver.look = () => {
      if (!driver.events.some((event) => event.type === 'step-started' && event.id === 'create-set')) return;
      cluster.onWrite = away;
      looks += 1;
      if (looks === 2) driver.stop.abort(interrupt);
      away();
    };
    const result = await driver.run({ operation: 'restore' });
    expect(result).toMatchObject({ exitCode: 130, done: ['take'], resumeCommand: expect.any(String), cancelCommand: expect.any(String) });
    expect(sections).toEqual([]);
    expect(tookMs()).toBeLessThan(5000);
  });

  it('within the section ends with 4 by its end, and tells both ways on', async () => {
    const { cluster, driver, sections, tookMs } = await restoring();
    cluster.onWrite = (when, what) => {
      if (when !== 'before' || !CREATION.test(what)) return;
      driver.stop.abort(interrupt);
      throw lost();
    };
    const result = await driver.run({ operation: 'restore' });
    expect(result).toMatchObject({ exitCode: 4, done: ['take'], resumeCommand: expect.any(String), cancelCommand: expect.any(String) });
    expect(sections).toEqual(['entered', 'left']);
    expect(tookMs()).toBeLessThan(SECTION_MS + 10_000);
  });
});

describe('two steps in a row that cannot be interrupted', () => {
  it('are one section', async () => {
    const { cluster, driver, sections } = await restoring();
    driver.afterConsent = () => {
      const [planned] = driver.planned;
      const steps = planned?.outcome === 'plan' ? planned.plan.steps : [];
      for (const step of steps as { -readonly [K in keyof Step]: Step[K] }[])
        if (step.id === 'observe' || step.id === 'put-back') step.section = 'create';
    };
    cluster.onWrite = (when, what) => {
      if (when === 'before' && CREATION.test(what)) driver.stop.abort(interrupt);
    };
    expect(await driver.run({ operation: 'restore' })).toMatchObject({
      exitCode: 130,
      done: ['take', 'create-set', 'observe', 'put-back'],
    });
    expect(sections).toEqual(['entered', 'left']);
  });
});
