import Type, { type TObject } from 'typebox';
import { askable, fileOptions } from '../operations/operation.ts';
import { operationNamed } from '../operations/registry.ts';
import type { OperationStep, Step } from './schema.ts';
import type { Fault, Source } from './source.ts';

type Raw = Readonly<Record<string, unknown>>;
type Options = TObject['properties'];

/** What may stand in the options of an operation's step: also files, named relative to the runbook. */
export function optionsInRunbook(operation: Parameters<typeof askable>[0]): Options {
  const files = Object.entries(fileOptions(operation)).map(([file, option]) => [
    file,
    Type.Optional(Type.String({ minLength: 1, description: `File with ${option}, relative to the runbook` })),
  ]);
  return { ...askable(operation), ...(Object.fromEntries(files) as Options) };
}

/** Steps with what their files hold. */
export interface Read {
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** Of each file, in order: another one is another runbook. */
  readonly held: readonly Raw[];
}

/**
 * Puts what the named files hold in the place of their names.
 * @param read of a file by its name as it is written; rejects in words
 */
export async function withFiles(steps: readonly Step[], source: Source, read: (file: string) => Promise<Raw>): Promise<Read> {
  const [faults, held]: [Fault[], Raw[]] = [[], []];
  const done: Step[] = [];
  for (const [index, step] of steps.entries()) {
    if (!('operation' in step)) {
      done.push(step);
      continue;
    }
    const options: Record<string, unknown> = { ...step.options };
    for (const { name, option, file } of filesOf(step)) {
      delete options[name];
      const fault = (message: string): Fault => source.fault(['steps', index, 'options', name], `step ${step.name}: ${message}`);
      if (option in options) faults.push(fault(`${option} and ${name} exclude each other`));
      else
        await read(file).then(
          (value) => {
            options[option] = value;
            held.push(value);
          },
          (error: Error) => faults.push(fault(error.message)),
        );
    }
    done.push({ ...step, options });
  }
  return { steps: done, faults, held };
}

function filesOf({ operation, options = {} }: OperationStep): readonly { name: string; option: string; file: string }[] {
  const named = operationNamed(operation);
  if (named === undefined) return [];
  return Object.entries(fileOptions(named)).flatMap(([name, option]) => {
    const file = options[name];
    return typeof file === 'string' ? [{ name, option, file }] : [];
  });
}
