import { expect } from 'vitest';
import { recordOf } from './invariants.ts';
import type { Space } from './namespace.ts';
import type { RunningPlugin } from './plugin.ts';
import { type Verdict, WriteProxy } from './proxy.ts';

/** Runs a command and kills it as soon as its record has come to this step: the write is done, its answer unheard. */
export function killedAtStep(cursor: string, space: Space, args: readonly string[], name = 'web'): Promise<void> {
  const there = async (): Promise<boolean> => {
    const found = await recordOf(space, name);
    return found?.state === 'valid' && found.record.cursor === cursor;
  };
  return killedWhen(there, space, args);
}

/** The same as soon as something is true after one of its writes. */
export function killedWhen(reached: () => Promise<boolean>, space: Space, args: readonly string[]): Promise<void> {
  return killedOn(reached, space, (kubeconfig) => space.start(args, { kubeconfig }));
}

/** The same of another program. */
export async function killedOn(reached: () => Promise<boolean>, space: Space, start: (kubeconfig: string) => RunningPlugin): Promise<void> {
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  const plugin = start(proxy.kubeconfig);
  proxy.hooks = {
    after: async (): Promise<Verdict> => {
      if (!(await reached())) return 'pass';
      plugin.kill('SIGKILL');
      await plugin.ended;
      return 'drop';
    },
  };
  const { signal, stderr } = await plugin.ended;
  proxy.close();
  expect(signal, stderr).toBe('SIGKILL');
}
