import { describe, expect, it } from 'vitest';
import { differencesInWords, patchBack, templateDifferences } from '../../../src/domain/spec-difference.ts';
import { applyPatch } from '../../support/model/json-patch.ts';

const template = {
  metadata: { labels: { app: 'web' }, creationTimestamp: null },
  spec: { containers: [{ name: 'app', image: 'app:1', env: [{ name: 'KEY', value: 'old' }], args: ['a'] }], hostNetwork: false },
};
const changed = (change: (copy: typeof template) => void): object => {
  const copy = structuredClone(template);
  change(copy);
  return copy;
};

const rows = [
  ['null is nothing', { ...template, metadata: { labels: { app: 'web' } } }, ''],
  ['a value', changed(({ spec }) => (spec.containers[0]!.image = 'app:2')), 'spec.template.spec.containers[0].image (app:2, was app:1)'],
  [
    'a value that may be a secret',
    changed(({ spec }) => (spec.containers[0]!.env[0]!.value = 'new')),
    'spec.template.spec.containers[0].env[0].value',
  ],
  [
    'what a webhook added where there was nothing',
    changed(({ metadata }) => Object.assign(metadata, { annotations: { 'injected.example.com/at': 'create' } })),
    'spec.template.metadata.annotations (added: injected.example.com/at)',
  ],
  [
    'one key among others',
    changed(({ metadata }) => Object.assign(metadata.labels, { 'example.com/x': 'y' })),
    'spec.template.metadata.labels[example.com/x] (added)',
  ],
  [
    'a container more',
    changed(({ spec }) => Object.assign(spec, { containers: [...spec.containers, { name: 'proxy' }] })),
    'spec.template.spec.containers (added: proxy)',
  ],
  ['a field that is gone', changed(({ spec }) => Reflect.deleteProperty(spec, 'hostNetwork')), 'spec.template.spec.hostNetwork (removed)'],
] as const;

describe('how one template differs from another', () => {
  it.each(rows)('%s', (_, other, words) => {
    const differences = templateDifferences(template, other);
    expect(differencesInWords(differences)).toBe(words);
    const patched = applyPatch({ spec: { template: other } }, patchBack(differences));
    expect(templateDifferences(template, (patched['spec'] as { template: object }).template)).toEqual([]);
  });

  it('names three, and how many more', () => {
    const more = { ...template, spec: { ...template.spec, a: 1, b: 2, c: 3, d: 4 } };
    expect(differencesInWords(templateDifferences(template, more))).toMatch(/a \(added\), \S+b \(added\), \S+c \(added\) and 1 more$/);
  });
});
