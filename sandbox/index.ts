/** A real Kubernetes control plane on this machine, for tests and the demo. See README.md. */

import { plainReporter } from './build/reporter.ts';
import type { Sandbox, SandboxOptions } from './client/types.ts';
import { connectTo, start } from './client/up.ts';
import { defaultName, folderOf } from './host/folder.ts';

export type { Component, Sandbox, SandboxNode, SandboxOptions } from './client/types.ts';
export type { Status } from './supervisor/control.ts';

/** Starts a sandbox, compiling what is missing, and resolves when Pods can be scheduled; resolves with the one that is up already. */
export async function up(options: SandboxOptions): Promise<Sandbox> {
  const { sandbox } = await start(options, plainReporter(options.onProgress ?? (() => {})));
  return sandbox;
}

/** A handle on a sandbox that is up. */
export async function connect(name = defaultName): Promise<Sandbox> {
  const sandbox = await connectTo(folderOf(name));
  if (!sandbox)
    throw new Error(
      `The sandbox "${name}" is not up: start it with npm run sandbox -- up${name === defaultName ? '' : ` --name ${name}`}.`,
    );
  return sandbox;
}
