import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/domain/kube.ts';
import { gateInWords } from '../../../src/plan/gate.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { running } from '../../support/model/running-set.ts';

/** Gates and hooks between the steps of a scale, whatever they ask. */

const pods = (cluster: ModelCluster): readonly string[] =>
  cluster
    .list<Pod>('pods')
    .map(({ metadata }) => metadata.name)
    .sort();

describe('gates of a scale', () => {
  it('going down: hooks in the Pod that goes, gates of the lowest one that stays, in turn', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    const asked: string[] = [];
    driver.askGate = (gate, pod) => {
      asked.push(`${gateInWords(gate)} ${pod} of ${pods(cluster).length}`);
      return { holds: true, said: 'exit code 0' };
    };
    const options = { replicas: 1, before: ['exec:decommission'], gate: ['exec:status', 'http:80/'] };
    expect(await driver.run({ operation: 'scale', options })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual([
      'exec:decommission web-2 of 3',
      'exec:status web-0 of 2',
      'http:80/ web-0 of 2',
      'exec:decommission web-1 of 2',
      'exec:status web-0 of 1',
      'http:80/ web-0 of 1',
    ]);
  });

  it('a gate is asked again until it is well', async () => {
    const driver = driverOf(running(2));
    let tries = 0;
    driver.askGate = () => ({ holds: ++tries === 3, said: `exit code 1: try ${tries}` });
    expect(await driver.run({ operation: 'scale', options: { replicas: 1, gate: ['exec:status'] } })).toMatchObject({ exitCode: 0 });
    const notes = driver.events.flatMap((event) => (event.type === 'step-note' ? [event.message] : []));
    expect(notes).toEqual(expect.arrayContaining(['exit code 1: try 1; asking again', 'exit code 1: try 2; asking again']));
  });

  it('one that does not become well stops it where it is, and says what came back; the same command asks again', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.askGate = () => ({ holds: false, said: 'exit code 2: no leader' });
    const request = { operation: 'scale', options: { replicas: 1, gate: ['exec:status'], gateTimeout: '10000ms' } };
    const result = await driver.run(request);
    expect(result).toMatchObject({
      exitCode: 4,
      message: 'scale of StatefulSet web stopped: gate exec:status did not pass for Pod web-0: exit code 2: no leader',
      done: ['archive', 'scale-down/2'],
    });
    expect(pods(cluster)).toEqual(['web-0', 'web-1']);
    driver.askGate = () => ({ holds: true, said: 'exit code 0' });
    expect(await driver.run(request)).toMatchObject({ exitCode: 0 });
    expect(pods(cluster)).toEqual(['web-0']);
  });

  it('a hook that fails is not tried again, and its Pod stays', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    let calls = 0;
    driver.askGate = () => ({ holds: ++calls < 0, said: 'exit code 1: busy' });
    await expect(driver.run({ operation: 'scale', options: { replicas: 1, before: ['exec:leave'] } })).rejects.toThrow(
      'hook exec:leave did not pass for Pod web-1: exit code 1: busy',
    );
    expect([calls, pods(cluster)]).toEqual([1, ['web-0', 'web-1']]);
  });

  it('killed after a removal, its gate is asked by whoever goes on', async () => {
    const cluster = running(3);
    const request = { operation: 'scale', options: { replicas: 1, gate: ['exec:status'] } };
    await killedAt(cluster, /PATCH .*statefulsets/, 'after', () => driverOf(cluster).run(request));
    const second = driverOf(cluster, { user: 'bob', host: 'there', pid: 2 });
    let asked = 0;
    second.askGate = () => ({ holds: ++asked > 0, said: '' });
    expect(await second.run(request)).toMatchObject({ exitCode: 0 });
    expect(asked).toBe(2);
  });

  it('going up, new Pods come one at a time, each with its gate', async () => {
    const cluster = running(1);
    const driver = driverOf(cluster);
    const asked: string[] = [];
    driver.askGate = (_, pod) => {
      asked.push(`${pod} of ${pods(cluster).length}`);
      return { holds: true, said: '' };
    };
    expect(await driver.run({ operation: 'scale', options: { replicas: 3, gate: ['http:80/'] } })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(['web-1 of 2', 'web-2 of 3']);
  });

  it('is refused for what nobody could be asked, and for what is no gate', async () => {
    const driver = driverOf(running(2));
    const run = (options: Readonly<Record<string, unknown>>) => driver.run({ operation: 'scale', options });
    await expect(run({ replicas: 0, gate: ['exec:true'] })).rejects.toThrow('no Pod is left that a gate could be asked about');
    await expect(run({ replicas: 3, before: ['exec:true'] })).rejects.toThrow('--before runs before a Pod is deleted');
    await expect(run({ replicas: 1, gate: ['srv'], dnsServer: 'a:b' })).rejects.toThrow('invalid value "a:b" for --dns-server');
    const nameless = running(2, { serviceName: '' });
    await expect(driverOf(nameless).run({ operation: 'scale', options: { replicas: 1, gate: ['srv'] } })).rejects.toThrow(
      'StatefulSet web names no Service (spec.serviceName), so no gate srv can find its Pods',
    );
    await expect(run({ replicas: 1, gate: ['tcp:80'] })).rejects.toThrow('invalid value "tcp:80" for --gate');
    expect(driver.cluster.log).toEqual([]);
  });
});

describe('gates of a rollout', () => {
  const options = { image: ['main=app:2'], gate: ['exec:status'], before: ['exec:step-down'] };

  it('before and after each Pod; one that fails holds the others on their revision, and abort goes back', async () => {
    const cluster = running(3);
    const template = cluster.set()?.spec.template;
    const driver = driverOf(cluster);
    const asked: string[] = [];
    driver.askGate = (gate, pod) => {
      asked.push(`${gateInWords(gate)} ${pod}`);
      return { holds: gate.ask !== 'exec' || gate.command !== 'status' || pod === 'web-2', said: 'exit code 1: lagging' };
    };
    expect(await driver.run({ operation: 'rollout start', options: { ...options, gateTimeout: '5000ms' } })).toMatchObject({
      exitCode: 4,
      message: 'rollout start of StatefulSet web stopped: gate exec:status did not pass for Pod web-1: exit code 1: lagging',
    });
    expect(asked.slice(0, 4)).toEqual(['exec:step-down web-2', 'exec:status web-2', 'exec:step-down web-1', 'exec:status web-1']);
    expect(cluster.set()?.spec.updateStrategy?.rollingUpdate?.partition).toBe(1);
    expect(await driver.run({ operation: 'rollout abort' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.template).toEqual(template);
    expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
  });

  it('is resumed at the gate that failed', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    driver.askGate = ({ ask }, pod) => ({ holds: ask === 'exec' && pod === 'web-1', said: 'exit code 1' });
    expect(await driver.run({ operation: 'rollout start', options: { ...options, before: [], gateTimeout: '5000ms' } })).toMatchObject({
      exitCode: 4,
    });
    const asked: string[] = [];
    driver.askGate = (_, pod) => ({ holds: asked.push(pod) > 0, said: '' });
    expect(await driver.run({ operation: 'rollout resume' })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(['web-0']);
  });
});
