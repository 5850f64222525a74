import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

export interface Arguments {
  command: string;
  /** What follows the command and is no flag. */
  operands: string[];
  name?: string;
  nodes?: string;
  profile?: string;
  minor?: string;
  qps?: string;
  output?: string;
  all: boolean;
  real: boolean;
  follow: boolean;
  help: boolean;
}

const options = {
  name: { type: 'string' },
  nodes: { type: 'string' },
  profile: { type: 'string' },
  minor: { type: 'string' },
  qps: { type: 'string' },
  output: { type: 'string', short: 'o' },
  all: { type: 'boolean', default: false },
  real: { type: 'boolean', default: false },
  follow: { type: 'boolean', short: 'f', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line. All that follows `kubectl` belongs to kubectl, flags and all. */
export function readArguments(argv: string[]): Arguments {
  const at = argv.indexOf('kubectl');
  const own = at < 0 ? argv : argv.slice(0, at + 1);
  try {
    const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
    const [command = 'help', ...operands] = positionals;
    if (command === 'kubectl') operands.push(...argv.slice(at + 1));
    return { ...values, command, operands };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
