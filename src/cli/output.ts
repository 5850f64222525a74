export type OutputFormat = 'wide' | 'json' | 'yaml' | 'name';

/** How results are to be written to stdout; no format is the table or the text for people. */
export interface OutputChoice {
  readonly format?: OutputFormat;
  readonly headers: boolean;
}

export function outputChoice(flags: {
  readonly output?: OutputFormat | undefined;
  readonly 'no-headers'?: boolean | undefined;
}): OutputChoice {
  return { headers: flags['no-headers'] !== true, ...(flags.output === undefined ? {} : { format: flags.output }) };
}

/** Whether a program reads it, so that it is a document and not a table. */
export function isDocument(format: OutputFormat | undefined): format is 'json' | 'yaml' | 'name' {
  return format !== undefined && format !== 'wide';
}
