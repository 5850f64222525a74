import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workspaceOf } from './workspace.ts';

const wanted = { major: 1, minor: 26 } as const;

/** There is no Go that would do. What else could be done depends on what was typed, so whoever knows that adds it. */
export class GoMissing extends Error {
  readonly #problem: string;

  constructor(problem: string, otherwise?: string) {
    const ways = [`install Go >= ${wanted.major}.${wanted.minor}`, ...(otherwise === undefined ? [] : [`or ${otherwise}`])];
    super(`The sandbox compiles Kubernetes, and ${problem}: ${ways.join(', ')}`);
    this.#problem = problem;
  }

  /** The same with another way out, as a command. */
  or(otherwise: string): GoMissing {
    return new GoMissing(this.#problem, otherwise);
  }
}

/**
 * What is compiled depends on this repository alone: not on the user's GOFLAGS, workspace, target platform or toolchain downloads.
 *
 * @param dir the module's folder; without it, outside of every workspace
 */
export function goEnvironment(dir?: string): NodeJS.ProcessEnv {
  // An empty GOFLAGS would fall back to `go env -w`; this value repeats what is passed anyway.
  const native = { GOOS: undefined, GOARCH: undefined, GOEXPERIMENT: undefined };
  const workspace = dir === undefined ? undefined : workspaceOf(dir);
  const ours = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false', GOWORK: workspace?.file ?? 'off' };
  return { ...process.env, ...native, ...ours };
}

/** The version of the installed Go, such as `1.26.8 linux/amd64`; throws GoMissing if it is missing or too old. */
export async function goVersion(): Promise<string> {
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)('go', ['version'], { env: goEnvironment() }));
  } catch {
    throw new GoMissing('there is no Go here');
  }
  const found = /go((\d+)\.(\d+)\S*) (\S+)/.exec(output);
  const [major, minor] = [Number(found?.[2]), Number(found?.[3])];
  if (!found || major < wanted.major || (major === wanted.major && minor < wanted.minor)) {
    throw new GoMissing(`the Go here (${found?.[1] ?? output.trim()}) is too old`);
  }
  return `${found[1]} ${found[4]}`;
}
