import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Sandbox } from '../../index.ts';

/** Runs kubectl against a sandbox; rejects with its standard error. */
export function kubectl(sandbox: Pick<Sandbox, 'kubectl' | 'kubeconfig'>, ...args: string[]): Promise<string> {
  return feed(sandbox, undefined, ...args);
}

export function apply(sandbox: Sandbox, ...objects: object[]): Promise<string> {
  return feed(sandbox, objects.map((it) => stringify(it)).join('---\n'), 'apply', '-f', '-');
}

/** `kubectl wait`, which watches. The condition is what follows --for=. */
export function waitFor(sandbox: Sandbox, object: string, condition: string, seconds = 30): Promise<string> {
  return kubectl(sandbox, 'wait', object, `--for=${condition}`, `--timeout=${seconds}s`);
}

export async function get<T>(sandbox: Sandbox, object: string): Promise<T> {
  return JSON.parse(await kubectl(sandbox, 'get', object, '-o', 'json')) as T;
}

/** The same with standard input. */
export function feed(sandbox: Pick<Sandbox, 'kubectl' | 'kubeconfig'>, input: string | undefined, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // Ports are used again: a cache of another sandbox's API must not be found.
    const env = { ...process.env, KUBECACHEDIR: join(dirname(sandbox.kubeconfig), 'kubectl-cache') };
    const child = execFile(
      sandbox.kubectl,
      ['--kubeconfig', sandbox.kubeconfig, ...args],
      { maxBuffer: 2 ** 28, env },
      (error, out, err) => (error ? reject(new Error(`kubectl ${args.join(' ')}: ${err || error.message}`)) : resolve(out)),
    );
    // One that fails before it has read all: its own words are told, not this.
    child.stdin?.on('error', () => {}).end(input);
  });
}
