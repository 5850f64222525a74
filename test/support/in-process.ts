import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Io } from '../../src/cli/io.ts';
import { type PluginOptions, type PluginRun, userEnvironment } from './plugin.ts';
import type { ProvidedCluster } from './provided.ts';

/** What is written to one stream of a run. */
class Written extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/**
 * Runs the built plugin in this process, as bin/ runs it in one of its own: same command line, environment and streams, without kubectl,
 * a process or a start of Node between. For what is read off the output alone: refusals, bad input, reports.
 */
export async function runInProcess(cluster: ProvidedCluster, args: readonly string[], options: PluginOptions): Promise<PluginRun> {
  const { main } = (await import(pathToFileURL(join(cluster.installed.bin, '..', 'dist', 'main.js')).href)) as {
    readonly main: (argv: readonly string[], io: Io) => Promise<number>;
  };
  const [stdout, stderr] = [new Written(), new Written()];
  const io: Io = {
    stdin: Readable.from(options.input === undefined ? [] : [options.input]),
    stdout,
    stderr,
    env: userEnvironment(cluster, options),
    signals: new EventEmitter(),
    leaveNow: (code) => {
      throw new Error(`the plugin would leave with ${code}`);
    },
  };
  const exitCode = await main(args, io);
  return { stdout: stdout.text, stderr: stderr.text, exitCode, signal: null, line: ['sts-safe', ...args].join(' ') };
}
