import { describe, expect, it } from 'vitest';
import { lostFields } from '../../../src/manifest/difference.ts';

describe('what the server did not keep', () => {
  const sent = {
    replicas: 3,
    ordinals: { start: 2 },
    minReadySeconds: 0,
    template: { containers: [{ name: 'db', image: 'app:1' }, { name: 'log' }] },
  };

  it.each([
    ['nothing, when all is as sent', sent, []],
    ['nothing, when there is more: defaults', { ...sent, revisionHistoryLimit: 10, ordinals: { start: 2, more: 1 } }, []],
    ['a field that is gone', { ...sent, ordinals: {} }, ['spec.ordinals.start']],
    ['a whole object that is gone, by its own name', { ...sent, ordinals: undefined }, ['spec.ordinals']],
    ['one that is another value', { ...sent, replicas: 1 }, ['spec.replicas']],
    ['a zero that became nothing', { ...sent, minReadySeconds: undefined }, ['spec.minReadySeconds']],
    [
      'one of a list item',
      { ...sent, template: { containers: [{ name: 'db', image: 'app:2' }, { name: 'log' }] } },
      ['spec.template.containers[0].image'],
    ],
    [
      'a list that is shorter, as a whole',
      { ...sent, template: { containers: [{ name: 'db', image: 'app:1' }] } },
      ['spec.template.containers'],
    ],
    ['a list that is none', { ...sent, template: { containers: 'x' } }, ['spec.template.containers']],
    ['everything, when there is nothing', undefined, ['spec']],
  ])('%s', (_what, kept, lost) => {
    expect(lostFields(sent, kept, 'spec')).toEqual(lost);
  });

  it('does not count what was sent as null: that is how to ask for nothing', () => {
    expect(lostFields({ a: null, b: undefined, c: 1 }, { c: 1 }, 'spec')).toEqual([]);
  });
});
