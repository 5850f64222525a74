import { describe, expect, it } from 'vitest';
import { complete, type Lister } from '../../../src/cli/completion.ts';
import { commands } from '../../../src/cli/manifest.ts';

const lister: Lister = (source, { namespace = 'default' }) => {
  if (source === 'sets') return Promise.resolve([`${namespace}-db`, `${namespace}-web`]);
  if (source === 'namespaces') return Promise.resolve(['default', 'prod']);
  if (source === 'checks') return Promise.resolve(['claim-shared\tTwo of them', 'short-grace\tToo short']);
  return Promise.resolve([source]);
};

const completed = async (...argv: readonly string[]) => (await complete(argv, commands, lister)).trimEnd().split('\n');
const words = async (...argv: readonly string[]) => (await completed(...argv)).map((line) => line.split('\t')[0]);

describe('complete', () => {
  it('offers commands with what they do', async () => {
    expect(await completed('sc')).toEqual(['scale\tChange the number of members of a StatefulSet, safely', ':4']);
    expect(await words('')).toEqual([...new Set(commands.map(({ id }) => id.split(':')[0])), ':4']);
    expect(await words('rollout', 'st')).toEqual(['start', 'status', ':4']);
    expect(await words('help', 'del')).toEqual(['delete', ':4']);
    expect(await words('-n', 'prod', 'del')).toEqual(['delete', ':4']);
  });

  it('offers flags of the command', async () => {
    expect(await words('scale', '--rep')).toEqual(['--replicas', ':4']);
    expect(await words('scale', 'web', '--one')).toEqual(['--one-by-one', ':4']);
    expect(await words('explain', '--rep')).toEqual([':4']);
  });

  it('offers values of flags', async () => {
    expect(await words('status', '-o', '')).toEqual(['wide', 'json', 'yaml', 'name', ':4']);
    expect(await words('status', '-Ao', 'j')).toEqual(['json', ':4']);
    expect(await words('status', '--output=')).toEqual(['--output=wide', '--output=json', '--output=yaml', '--output=name', ':4']);
    expect(await words('version', '-o', '')).toEqual(['json', 'yaml', ':4']);
    expect(await words('scale', '--dry-run=')).toEqual(['--dry-run=client', '--dry-run=server', '--dry-run=none', ':4']);
    expect(await words('scale', '--replicas', '')).toEqual([':4']);
  });

  it('leaves files to the shell', async () => {
    expect(await completed('status', '--kubeconfig', '')).toEqual([':0']);
    expect(await completed('delete', 'web', '--save-to=')).toEqual([':0']);
    expect(await completed('run', '')).toEqual([':0']);
  });

  it('offers names from the cluster', async () => {
    expect(await words('scale', '')).toEqual(['default-db', 'default-web', ':4']);
    expect(await words('scale', '-n', 'prod', 'prod-w')).toEqual(['prod-web', ':4']);
    expect(await words('status', '-n', 'p')).toEqual(['prod', ':4']);
    expect(await words('scale', 'web', '')).toEqual([':4']);
    expect(await words('scale', 'sts', '')).toEqual(['default-db', 'default-web', ':4']);
    expect(await words('status', 'web', '')).toEqual(['default-db', 'default-web', ':4']);
  });

  it.each([
    ['node fence', 'nodes'],
    ['force-delete', 'pods'],
    ['pvc retire', 'pvcs'],
    ['pvc restore', 'retired PVCs'],
    ['pvc purge', 'retired PVCs'],
    ['restore', 'restorable sets'],
    ['cancel', 'open operations'],
    ['rollout resume', 'open operations'],
  ])('offers for %s %s alone', async (command, source) => {
    expect(await words(...command.split(' '), '')).toEqual([source, ':4']);
  });

  it('offers checks, also behind a comma', async () => {
    expect(await completed('explain', 'cl')).toEqual(['claim-shared\tTwo of them', ':4']);
    expect(await words('scale', 'web', '--allow', '')).toEqual(['claim-shared', 'short-grace', ':4']);
    expect(await words('scale', 'web', '--allow', 'short-grace,cl')).toEqual(['short-grace,claim-shared', ':4']);
    expect(await words('scale', 'web', '--allow=a,b,s')).toEqual(['--allow=a,b,short-grace', ':4']);
  });

  it('is silent where nothing can be said', async () => {
    expect(await completed('nope', '')).toEqual([':4']);
    expect(await completed()).toHaveLength(new Set(commands.map(({ id }) => id.split(':')[0])).size + 1);
    const broken: Lister = () => Promise.reject(new Error('no cluster'));
    expect(await complete(['scale', ''], commands, broken)).toBe(':4\n');
  });
});
