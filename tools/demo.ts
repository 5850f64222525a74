import { join } from 'node:path';
import { type DemoArguments, readArguments, UsageError, usage } from './demo/arguments.ts';
import { clusterStage } from './demo/cluster.ts';
import { sandboxStage } from './demo/sandbox.ts';
import type { Stop } from './demo/shell.ts';
import type { Stage } from './demo/stage.ts';

/**
 * The main job, to be watched: a database of three members is deleted in order and brought back. By itself it boots a real
 * control plane for that; `--real` plays it with etcd on real nodes, `--context` on a cluster that is there.
 */
const root = join(import.meta.dirname, '..');
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const given = readArguments(argv);
    if (!given.help) return await demo(given);
    process.stdout.write(usage);
    return 0;
  } catch (error) {
    process.stderr.write(`demo failed: ${messageOf(error)}\n${error instanceof UsageError ? usage : ''}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function demo(given: DemoArguments): Promise<number> {
  if (given.cluster === undefined) return await played(await sandboxStage(given, root));
  const stage = await clusterStage(given.cluster, given.keep, root);
  listenForTheEnd(stage.stop);
  return await played(stage, stage.stop);
}

/** Plays, and takes down again whatever happens. */
async function played(stage: Stage, stop?: Stop): Promise<number> {
  let code = 0;
  try {
    await stage.play();
  } catch (error) {
    code = stop?.isAsked === true ? 130 : 1;
    process.stderr.write(code === 130 ? 'demo interrupted\n' : `demo failed: ${messageOf(error)}\n`);
  } finally {
    await stage.end();
  }
  return code;
}

/** On somebody's cluster a Ctrl-C still takes down what was made; what is being taken down is not stopped. */
function listenForTheEnd(stop: Stop): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.ask());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
