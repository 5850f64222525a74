import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/cli/argv.ts';
import type { FlagTable } from '../../../src/cli/flag-spec.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const table = {
  yes: { kind: 'bool', char: 'y' },
  'all-namespaces': { kind: 'bool', char: 'A' },
  'no-headers': { kind: 'bool' },
  namespace: { kind: 'string', char: 'n' },
  output: { kind: 'string', char: 'o', blank: true, options: ['json', 'yaml'] },
  'dry-run': {
    kind: 'string',
    bare: 'client',
    options: ['client', 'server', 'none'],
    synonyms: { true: 'client' },
  },
  replicas: { kind: 'int' },
  timeout: { kind: 'duration' },
  'request-timeout': { kind: 'seconds' },
  allow: { kind: 'list', commas: true },
  'as-group': { kind: 'list' },
  v: { kind: 'int', char: 'v' },
} as const satisfies FlagTable;

type Row = readonly [line: string, args: readonly string[], flags: Record<string, unknown>];

const rows: readonly Row[] = [
  ['web', ['web'], {}],
  ['web --yes', ['web'], { yes: true }],
  ['--yes web', ['web'], { yes: true }],
  ['--yes=false web', ['web'], { yes: false }],
  ['--yes=F web', ['web'], { yes: false }],
  ['--yes=1', [], { yes: true }],
  ['--yes false', ['false'], { yes: true }],
  ['-y', [], { yes: true }],
  ['-y=false', [], { yes: false }],
  ['-A=false', [], { 'all-namespaces': false }],
  ['-Ay', [], { 'all-namespaces': true, yes: true }],
  ['-Ay=false', [], { 'all-namespaces': true, yes: false }],
  ['-Anprod', [], { 'all-namespaces': true, namespace: 'prod' }],
  ['-An prod web', ['web'], { 'all-namespaces': true, namespace: 'prod' }],
  ['-An=prod', [], { 'all-namespaces': true, namespace: 'prod' }],
  ['-ojson', [], { output: 'json' }],
  ['-o=json', [], { output: 'json' }],
  ['-o json', [], { output: 'json' }],
  ['--output json', [], { output: 'json' }],
  ['--output=json', [], { output: 'json' }],
  ['--output=', [], {}],
  ['-ojson --output=', [], {}],
  ['-o=', [], { output: '=' }],
  ['-nA', [], { namespace: 'A' }],
  ['-n -A', [], { namespace: '-A' }],
  ['--namespace --yes', [], { namespace: '--yes' }],
  ['--namespace=a=b', [], { namespace: 'a=b' }],
  ['--dry-run', [], { 'dry-run': 'client' }],
  ['--dry-run=server', [], { 'dry-run': 'server' }],
  ['--dry-run server', ['server'], { 'dry-run': 'client' }],
  ['--dry-run=true', [], { 'dry-run': 'client' }],
  ['--dry_run=server', [], { 'dry-run': 'server' }],
  ['--no_headers', [], { 'no-headers': true }],
  ['-n a -n b', [], { namespace: 'b' }],
  ['--yes --yes=false', [], { yes: false }],
  ['--allow a,b --allow c', [], { allow: ['a', 'b', 'c'] }],
  ['--allow=a --allow=b', [], { allow: ['a', 'b'] }],
  ['--allow=', [], { allow: [] }],
  ['--as-group a,b --as-group c', [], { 'as-group': ['a,b', 'c'] }],
  ['web -- --yes -n x', ['web', '--yes', '-n', 'x'], {}],
  ['-n -- web', ['web'], { namespace: '--' }],
  ['- web', ['-', 'web'], {}],
  ['-v6', [], { v: '6' }],
  ['-v=6', [], { v: '6' }],
  ['--v=6', [], { v: '6' }],
  ['--replicas 3', [], { replicas: '3' }],
  ['--replicas=0x10', [], { replicas: '0x10' }],
  ['--replicas -1', [], { replicas: '-1' }],
  ['--timeout 1m30s', [], { timeout: '1m30s' }],
  ['--timeout=0', [], { timeout: '0' }],
  ['--request-timeout 5', [], { 'request-timeout': '5' }],
];

describe('normalise', () => {
  it.each(rows)('%s', (line, args, flags) => {
    expect(normalise(line.split(' '), table)).toEqual({ args, flags });
  });

  it('keeps empty arguments', () => {
    expect(normalise(['', '-n', '', 'web'], table)).toEqual({ args: ['', 'web'], flags: { namespace: '' } });
  });
});

describe('normalise refuses', () => {
  const refusals: [line: string, message: string, hint?: string][] = [
    ['--yess', 'unknown flag: --yess', 'did you mean --yes?'],
    ['--namespcae x', 'unknown flag: --namespcae', 'did you mean --namespace?'],
    ['--no-yes', 'unknown flag: --no-yes'],
    ['--nonsense', 'unknown flag: --nonsense'],
    ['--constructor', 'unknown flag: --constructor'],
    ['-x', "unknown shorthand flag: 'x' in -x"],
    ['-Ax', "unknown shorthand flag: 'x' in -Ax"],
    ['-A=', "unknown shorthand flag: '=' in -A="],
    ['-all-namespaces', "unknown shorthand flag: 'a' in -all-namespaces", 'did you mean --all-namespaces?'],
    ['---yes', 'bad flag syntax: ---yes'],
    ['--=x', 'bad flag syntax: --=x'],
    ['--output', 'flag --output needs a value', 'write --output=json|yaml'],
    ['web -n', 'flag -n needs a value', 'write --namespace=VALUE'],
    ['--yes=maybe', 'invalid value "maybe" for --yes: must be true or false'],
    ['--yes=maybe --yes', 'invalid value "maybe" for --yes: must be true or false'],
    ['--yes=', 'invalid value "" for --yes: must be true or false'],
    ['--replicas 1.5', 'invalid value "1.5" for --replicas: must be a whole number'],
    ['--replicas three', 'invalid value "three" for --replicas: must be a whole number'],
    ['--replicas 9223372036854775808', 'invalid value "9223372036854775808" for --replicas: must be a whole number'],
    ['--timeout 90', 'invalid value "90" for --timeout: must be a duration with its unit', 'write --timeout=90s for seconds'],
    ['--timeout 1d', 'invalid value "1d" for --timeout: must be a duration with its unit', 'for example --timeout=90s or --timeout=1m30s'],
  ];

  it.each(refusals)('%s', (line, message, hint) => {
    const refused = (): unknown => normalise(line.split(' '), table);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(expect.objectContaining({ message, hint }));
  });
});

describe('normalise, whatever is typed', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('-A', '-y', '-n', '--', '-', '--yes', '--dry-run', '--allow', '-o', '--replicas', '-v'),
    fc.stringMatching(/^-{0,3}[a-zA-Z=,_-]{0,8}$/),
  );

  it('throws nothing but UsageError', () => {
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        try {
          normalise(argv, table);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });

  it('reads every spelling of a value alike', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const wanted = { args: [], flags: { namespace: value } };
        expect(normalise(['--namespace', value], table)).toEqual(wanted);
        expect(normalise([`--namespace=${value}`], table)).toEqual(wanted);
        expect(normalise(['-n', value], table)).toEqual(wanted);
        expect(normalise([`-n=${value}`], table)).toEqual(wanted);
        if (!value.startsWith('=')) expect(normalise([`-n${value}`], table)).toEqual(wanted);
      }),
    );
  });

  it('reads everything behind -- as arguments', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(normalise(['--yes', '--', ...args], table)).toEqual({ args, flags: { yes: true } });
      }),
    );
  });

  it('takes flags and arguments in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([['--yes'], ['-n', 'prod'], ['--dry-run=server'], ['-ojson']], { minLength: 4 }),
        fc.nat(4),
        (flags, at) => {
          const argv = [...flags.slice(0, at).flat(), 'web', ...flags.slice(at).flat()];
          expect(normalise(argv, table)).toEqual({
            args: ['web'],
            flags: { yes: true, namespace: 'prod', 'dry-run': 'server', output: 'json' },
          });
        },
      ),
    );
  });
});
