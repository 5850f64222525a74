import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlainYaml } from '../../../src/cluster/kubeconfig/plain-yaml.ts';
import { parseYaml } from '../../../src/cluster/kubeconfig/yaml.ts';

const KIND = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
    server: https://127.0.0.1:43211
  name: kind-kind
contexts:
- context:
    cluster: kind-kind
    user: kind-kind
    namespace: "prod"
  name: kind-kind
current-context: kind-kind
kind: Config
preferences: {}
users:
# written by hand
- name: kind-kind
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - us-east-1
      env: null
      command: aws
      interactiveMode: IfAvailable
      provideClusterInfo: false
- name: other
  user:
    token: 'x y'
`;

/** Pieces of which kubeconfigs and their near misses are made. */
const scalars = fc.oneof(
  fc.constantFrom(
    'abc',
    'https://1.2.3.4:6443',
    'true',
    'false',
    'null',
    'yes',
    'No',
    '~',
    '12',
    '1e3',
    '0x1f',
    '0o7',
    '.5',
    '+1',
    '-1',
    '1.2.3',
    '1_000',
    '-.inf',
    '.nan',
    '12:30:45',
    '2001-01-01',
    "it's",
    '"a b"',
    "'c d'",
    '"a\\nb"',
    '{}',
    '[]',
    '{a: b}',
    '[a]',
    '- x',
    '-',
    '--flag',
    '---',
    '|',
    '>',
    '&a b',
    '*a',
    '!t x',
    '?',
    '? x',
    '%x',
    '@x',
    'a #b',
    'a#b',
    'a: b',
    'a:',
    ':a',
    'constructor',
    'toString',
    '__proto__',
    'x  y ',
    '<<',
    '=',
  ),
  fc.string({ unit: fc.constantFrom(...'ab1-_./:#\'"{}[],&*!|>%@`~?= \\+0eE'.split('')), maxLength: 8 }),
);
const keys = fc.oneof(fc.constantFrom('name', 'cluster', 'a', 'b', 'true', 'null', 'y', '1', '"q"', '<<', '__proto__', 'x.y/z-1', '-'));
const line = fc
  .record({
    indent: fc.integer({ min: 0, max: 5 }),
    dash: fc.constantFrom('', '', '- ', '-   ', '-'),
    key: keys,
    scalar: scalars,
    kind: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ indent, dash, key, scalar, kind }) => {
    const content = kind === 0 ? scalar : kind === 1 ? `${key}:` : `${key}: ${scalar}`;
    return `${' '.repeat(indent)}${dash}${content}`;
  });

function expectAgreement(text: string): boolean {
  const plain = parsePlainYaml(text);
  if (plain === undefined) return false;
  expect(plain).toEqual(parseYaml(text));
  return true;
}

describe('parsePlainYaml', () => {
  it('reads what kubectl, kind and the clouds write', () => {
    expect(expectAgreement(KIND)).toBe(true);
  });

  it('reads nothing in another way than the YAML parser does', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => void expectAgreement(lines.join('\n'))),
      { numRuns: 1_500 },
    );
  });

  it('agrees on kubeconfigs that somebody has slipped in', () => {
    const slip = fc.record({ at: fc.nat({ max: KIND.length }), cut: fc.nat({ max: 6 }), put: scalars });
    fc.assert(
      fc.property(fc.array(slip, { maxLength: 3 }), (slips) => {
        expectAgreement(slips.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), KIND));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    'a: 1',
    'a: yes',
    'a: "\\n"',
    'a: |\n  x',
    'a: b\n  c',
    'a: &x b',
    'a:\n  b: c\n d: e',
    '- a',
    'a: b: c',
    'a: b\na: c',
    'ä: b',
    'a:\tb',
    '',
  ])('leaves %j to the YAML parser', (text) => {
    expect(parsePlainYaml(text)).toBeUndefined();
  });
});
