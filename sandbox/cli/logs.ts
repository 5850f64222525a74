import { createReadStream, existsSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Folder } from '../host/folder.ts';

/** Prints a component's log; with `follow` goes on until interrupted. */
export async function showLog(folder: Folder, component: string, follow: boolean): Promise<number> {
  const path = component === 'audit' ? folder.auditLog : join(folder.logs, `${component}.log`);
  if (!existsSync(path)) {
    const known = existsSync(folder.logs) ? readdirSync(folder.logs).map((file) => file.replace(/\.log$/, '')) : [];
    throw new Error(
      known.length
        ? `There is no log of "${component}": there are ${known.join(', ')} and audit.`
        : `The sandbox "${folder.name}" is not up.`,
    );
  }
  let printed = await print(path, 0);
  if (!follow) return 0;
  for await (const _ of changes(path)) printed = await print(path, printed);
  return 0;
}

async function print(path: string, from: number): Promise<number> {
  const end = statSync(path).size;
  if (end > from) await pipeline(createReadStream(path, { start: from, end: end - 1 }), process.stdout, { end: false });
  return end;
}

async function* changes(path: string): AsyncGenerator<void> {
  let wake = Promise.withResolvers<void>();
  watch(path, () => wake.resolve());
  for (;;) {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    yield;
  }
}
