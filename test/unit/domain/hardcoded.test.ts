import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hardcodedMembers } from '../../../src/domain/hardcoded.ts';

const three = [0, 1, 2];
const inEnv = (name: string, value: string) => hardcodedMembers({ containers: [{ name: 'main', env: [{ name, value }] }] }, 'web', three);
const inArgs = (...args: readonly string[]) => hardcodedMembers({ containers: [{ name: 'main', args }] }, 'web', three);

describe('hardcodedMembers', () => {
  it.each([
    'ZK_REPLICAS',
    'REPLICAS',
    'REPLICA_COUNT',
    'replicas',
    'CLUSTER_SIZE',
    'NODE_COUNT',
    'ETCD_CLUSTER_SIZE',
    'ENSEMBLE_SIZE',
    'NUM_NODES',
    'consul.bootstrap-expect',
  ])('a count in %s', (name) => {
    expect(inEnv(name, '3')).toEqual([{ container: 'main', place: `env[${name}]`, text: `${name}=3`, variable: name }]);
  });

  it.each([
    'MIN_INSYNC_REPLICAS',
    'KAFKA_DEFAULT_REPLICAS',
    'MAX_SERVERS',
    'READ_REPLICAS',
    'REPLICAS_PER_SHARD',
    'SHARD_REPLICAS',
    'REPLICATION_FACTOR',
    'SERVER_ID',
    'LOG_LEVEL',
    'PRENODES',
    'MINIMUM_MASTER_NODES',
    'REPLICAS_TIMEOUT',
  ])('%s counts something else', (name) => {
    expect(inEnv(name, '3')).toEqual([]);
  });

  it.each(['2', '30', '03', '', '3s', '$(COUNT)'])('another value: "%s"', (value) => {
    expect(inEnv('REPLICAS', value)).toEqual([]);
  });

  it('blanks around the number do not matter', () => {
    expect(inEnv('REPLICAS', ' 3 ')).toHaveLength(1);
  });

  it.each([
    ['--servers=3'],
    ['--servers', '3'],
    ['-bootstrap-expect=3'],
    ['--cluster-size 3'],
    ['exec zk --servers=3 --data=/x'],
    ['exec zk "--servers=3"'],
    ['--servers=3;', 'true'],
  ])('a count in the arguments %s %s', (...args) => {
    expect(inArgs(...args.filter((arg) => arg !== undefined))).toMatchObject([{ place: 'args' }]);
  });

  it.each([
    ['--servers=30'],
    ['--servers=3.5'],
    ['--max-servers=3'],
    ['x--servers=3'],
    ['--servers', 'a', '3'],
    ['servers=3'],
    ['--servers=3/4'],
  ])('no count in the arguments %s %s', (...args) => {
    expect(inArgs(...args)).toEqual([]);
  });

  it.each([
    'web-0,web-1,web-2',
    'web-0.web.prod.svc:2888:3888;web-1.web.prod.svc:2888:3888;web-2.web.prod.svc:2888:3888',
    'server.1=web-0.web server.2=web-1.web server.3=web-2.web',
    'http://web-2:80,http://web-0:80,http://web-1:80,http://web-1:80',
  ])('a list of all: %s', (value) => {
    expect(inEnv('PEERS_LIST', value)).toMatchObject([{ place: 'env[PEERS_LIST]' }]);
    expect(inEnv('PEERS_LIST', value)[0]).not.toHaveProperty('variable');
  });

  it.each([
    'web-0,web-1',
    'web-0',
    'web-0,web-1,web-2,web-3',
    'web-1,web-2,web-3',
    'api-web-0,api-web-1,api-web-2',
    'web-00,web-01,web-02',
    '',
  ])('no list of all: "%s"', (value) => {
    expect(inEnv('PEERS_LIST', value)).toEqual([]);
  });

  it('two members are one', () => {
    expect(hardcodedMembers({ containers: [{ name: 'main', args: ['--join=web-0,web-1'] }] }, 'web', [0, 1])).toHaveLength(1);
  });

  it('one member is no list', () => {
    expect(hardcodedMembers({ containers: [{ name: 'main', args: ['--join=web-0'] }] }, 'web', [0])).toEqual([]);
  });

  it('looks into init containers and commands, and shortens what is long', () => {
    const list = `--initial-cluster=${three.map((ordinal) => `web-${ordinal}=http://web-${ordinal}.web.prod.svc.cluster.local:2380`).join(',')}`;
    const found = hardcodedMembers(
      { initContainers: [{ name: 'init', command: ['etcd', list] }], containers: [{ name: 'main' }] },
      'web',
      three,
    );
    expect(found).toMatchObject([{ container: 'init', place: 'command' }]);
    expect(found[0]?.text).toHaveLength(80);
  });

  it('takes any text without a fuss', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => Array.isArray(inEnv(name, value)) && Array.isArray(inArgs(name, value))),
    );
  });
});
