import { describe, expect, it } from 'vitest';
import { filledSteps } from '../../../src/runbook/check.ts';
import { valuesOf } from '../../../src/runbook/parameters.ts';
import { readRunbook } from '../../../src/runbook/read.ts';

const HEAD = 'apiVersion: sts-safe.dev/v1\nkind: Runbook\n';

/** A runbook of these lines after its head, of which there are two. */
function read(...lines: readonly string[]) {
  return readRunbook(HEAD + lines.join('\n'));
}

function faultsIn(...lines: readonly string[]): readonly string[] {
  const result = read(...lines);
  if (result.state === 'faulty') return result.faults.map(inWords);
  const { runbook, source } = result;
  return filledSteps(runbook, valuesOf(runbook.parameters, []), source).faults.map(inWords);
}

const inWords = ({ line, column, message, hint }: { line: number; column: number; message: string; hint?: string }): string =>
  `${line}:${column} ${message}${hint === undefined ? '' : ` (${hint})`}`;

const upgrade = ['steps:', '- name: up', '  operation: rollout start', '  target: db', '  options:'];

describe('a runbook', () => {
  it('is read with its parameters in their places', () => {
    const result = read(
      'parameters:',
      '  image: {type: string}',
      '  members: {type: integer, default: 3}',
      '  soak: {type: duration, default: 2m}',
      'steps:',
      '- name: up',
      '  operation: rollout start',
      '  target: db',
      '  options: {image: ["db=mongo:${image}"], soak: "${soak}"}',
      '- name: grow',
      '  operation: scale',
      '  target: db',
      '  options: {replicas: "${members}"}',
      '- name: price',
      '  command: [echo, "$$5 for ${members}"]',
    );
    if (result.state === 'faulty') throw new Error(result.faults.map(inWords).join('\n'));
    const { steps, faults } = filledSteps(result.runbook, valuesOf(result.runbook.parameters, ['image=8.1']), result.source);
    expect(faults).toEqual([]);
    expect(steps).toMatchObject([
      { options: { image: ['db=mongo:8.1'], soak: '120000ms' } },
      { options: { replicas: 3 } },
      { command: ['echo', '$5 for 3'] },
    ]);
  });

  it.each([
    ['no YAML', ['steps: [', '- a'], /^4:\d+ /],
    ['another kind', ['kindd: x', 'steps: [{name: a, approve: x}]'], /^3:1 the runbook has no field kindd \(did you mean "kind"\?\)$/],
    ['no step', ['steps: []'], /^3:8 the runbook: steps is empty$/],
    ['no step at all', ['description: x'], /^1:1 the runbook has no steps$/],
    ['a step that does nothing', ['steps:', '- name: a'], /^4:3 step a does nothing \(add one of operation, approve, wait/],
    ['a verb that is misspelled', ['steps:', '- name: a', '  aprove: Ready?'], /^4:3 step a does nothing \(did you mean approve\?\)$/],
    [
      'two verbs',
      ['steps:', '- name: a', '  approve: x', '  command: [x]'],
      /^6:3 step a is both approve and command \(write two steps\)$/,
    ],
    ['a step that is a text', ['steps:', '- restart'], /^4:3 step 1 is no map/],
    [
      'a field that is none',
      ['steps:', '- name: a', '  approve: x', '  tiemout: 3m'],
      /^6:3 step a has no field tiemout \(there is "name", "approve"\)$/,
    ],
    ['a name twice', ['steps:', '- name: a', '  approve: x', '- name: a', '  approve: y'], /^6:9 step a is there twice$/],
    ['a name with blanks', ['steps:', '- name: a b', '  approve: x'], /^4:9 step a b: name must match/],
    [
      'no target',
      ['steps:', '- name: a', '  operation: scale', '  options: {replicas: 3}'],
      /^4:3 step a has no target \(add target: NAME\)$/,
    ],
    [
      'a parameter that there is not',
      ['parameters: {image: {type: string, default: x}}', 'steps:', '- name: a', '  command: ["${imagee}"]'],
      /^6:13 step a: there is no parameter imagee \(did you mean "image"\?\)$/,
    ],
    [
      'a default of another type',
      ['parameters: {n: {type: integer, default: three}}', 'steps:', '- name: a', '  approve: x'],
      /^3:42 parameter n: "three" is no integer \(write one such as 3\)$/,
    ],
    [
      'a type that is none',
      ['parameters: {n: {type: int}}', 'steps:', '- name: a', '  approve: x'],
      /^3:24 the runbook: parameters.n.type must be one of string, integer, boolean, duration$/,
    ],
  ] as const)('is faulty: %s', (_, lines, expected) => {
    const [first, ...others] = faultsIn(...lines);
    expect(first).toMatch(expected);
    if (_ !== 'no YAML') expect(others).toEqual([]);
  });

  it.each([
    [
      'an operation that there is not',
      ['steps:', '- name: a', '  operation: roll start', '  target: db'],
      /^5:14 step a: there is no operation roll start \(did you mean "rollout start"/,
    ],
    [
      'an option that it does not have',
      [...upgrade, '    imagge: [x=y]'],
      /^8:5 step up: options of rollout start has no field imagge \(did you mean "image"\?\)$/,
    ],
    ['an option of another type', [...upgrade, '    image: db=mongo'], /^8:12 step up: options of rollout start: image must be array$/],
    ['an option that a plan finds out', [...upgrade, '    template: {}'], /^8:5 step up: options of rollout start has no field template/],
    ['a time that is none', [...upgrade, '    soak: 2 minutes'], /^8:11 step up: options of rollout start: soak must match/],
    [
      'an option that is missing',
      ['steps:', '- name: a', '  operation: scale', '  target: db'],
      /^4:3 step a: options of scale has no replicas$/,
    ],
    [
      'a parameter of another type in its place',
      [
        'parameters: {n: {type: string, default: "3"}}',
        'steps:',
        '- name: a',
        '  operation: scale',
        '  target: db',
        '  options: {replicas: "${n}"}',
      ],
      /^8:23 step a: options of scale: replicas must be integer$/,
    ],
    ['a finding that there is not', [...upgrade.slice(0, 4), '  allow: [hpa-target]'], /^7:11 step up: there is no finding hpa-target/],
    [
      'a gate that is none',
      ['steps:', '- name: a', '  gate: ready', '  target: db'],
      /^5:9 step a: "ready" is no gate \(write exec:COMMAND/,
    ],
    [
      'a goal that is none',
      ['steps:', '- name: a', '  wait: ready', '  target: db'],
      /^5:9 step a: wait must be one of healthy, updated, scaled$/,
    ],
    [
      'a timeout that is none',
      ['steps:', '- name: a', '  command: [x]', '  timeout: 5 min'],
      /^6:12 step a: timeout "5 min" is no duration \(write one such as 30m\)$/,
    ],
  ] as const)('is faulty once its parameters are known: %s', (_, lines, expected) => {
    const faults = faultsIn(...lines);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it('tells all that is wrong at once', () => {
    expect(faultsIn('steps:', '- name: a', '- name: b', '  gate: [x]', '- name: a', '  approve: 3')).toHaveLength(5);
  });
});

describe('parameters', () => {
  const { parameters } = {
    parameters: {
      image: { type: 'string' },
      members: { type: 'integer', default: 3 },
      full: { type: 'boolean', default: false },
      size: { type: 'string', oneOf: ['small', 'large'], default: 'small' },
    },
  } as const;

  it('have the values that are set, or their defaults', () => {
    expect(valuesOf(parameters, ['image=a=b', 'members=5', 'full=true'])).toEqual({ image: 'a=b', members: 5, full: true, size: 'small' });
  });

  it.each([
    [[], /^parameter image has no value$/],
    [['image'], /^invalid value "image" for --set$/],
    [['imag=x'], /^the runbook has no parameter imag$/],
    [['image=x', 'members=three'], /^parameter members: "three" is no integer$/],
    [['image=x', 'full=yes'], /^parameter full: "yes" is no boolean$/],
    [['image=x', 'size=huge'], /^parameter size: "huge" is none of small, large$/],
  ] as const)('%j is refused', (set, message) => {
    expect(() => valuesOf(parameters, set)).toThrow(message);
  });
});
