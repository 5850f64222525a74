import { parseArgs } from 'node:util';

/** What was typed after `npm run demo --`. */
export interface DemoArguments {
  /** Leaves what it was played on as it is at the end. */
  readonly keep: boolean;
  /** On a sandbox with real nodes. */
  readonly real: boolean;
  readonly help: boolean;
  /** On a cluster that is there, by this context of a kubeconfig, instead of a sandbox. */
  readonly cluster?: { readonly context: string; readonly kubeconfig?: string; readonly image?: string };
}

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {}

export const usage = `Usage: npm run demo -- [--keep] [--real | --context NAME [--kubeconfig FILE] [--image IMAGE]]

  (nothing)          on a sandbox of its own, with nodes that are played: needs Go
  --real             the same with nodes that really run etcd (Linux, root)
  --context NAME     on a cluster that is there, in a namespace of its own: needs kubectl, no Go
  --kubeconfig FILE  where that context is (default: KUBECONFIG, else ~/.kube/config)
  --image IMAGE      an image with a shell that this cluster can pull (default: busybox:1.37)
  --keep             leave the sandbox, or the namespace, to play with
`;

const options = {
  keep: { type: 'boolean', default: false },
  real: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  image: { type: 'string' },
} as const;

/** @throws UsageError in one sentence */
export function readArguments(argv: readonly string[]): DemoArguments {
  const { keep, real, help, context, kubeconfig, image } = parsed(argv);
  for (const [name, value] of Object.entries({ context, kubeconfig, image })) {
    if (value === '') throw new UsageError(`--${name} needs a value.`);
    if (value !== undefined && name !== 'context' && context === undefined) throw new UsageError(`--${name} is about --context: add it.`);
  }
  if (context === undefined) return { keep, real, help };
  if (real) throw new UsageError('--real boots a sandbox and --context takes a cluster that is there: take one of them.');
  return {
    keep,
    real,
    help,
    cluster: { context, ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(image === undefined ? {} : { image }) },
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
