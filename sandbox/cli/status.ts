import { statusOf } from '../client/control.ts';
import { knownFolders, sweep } from '../client/sweep.ts';
import { type Folder, folderOf } from '../host/folder.ts';
import type { Status } from '../supervisor/control.ts';
import { UsageError } from './usage.ts';

/** Prints all sandboxes, or one. Exit code 1 if the one that was named is not there. */
export async function showStatus(output: string | undefined, name?: string): Promise<number> {
  if (output !== undefined && output !== 'json') throw new UsageError(`-o is json, not "${output}".`);
  const found = await living(name === undefined ? knownFolders() : [folderOf(name)]);
  const none = 'No sandbox is up. Start one with npm run sandbox -- up\n';
  if (output === 'json') process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else process.stdout.write(found.map(text).join('\n') || none);
  return name !== undefined && !found.length ? 1 : 0;
}

/** The status of those that live; sweeps away what dead ones left. */
async function living(folders: Folder[]): Promise<Status[]> {
  const found: Status[] = [];
  for (const folder of folders) {
    const status = await statusOf(folder);
    if (status) found.push(status);
    else if (await sweep(folder)) process.stderr.write(`The sandbox "${folder.name}" had died; its folder is swept away.\n`);
  }
  return found;
}

function text({ name, phase, bootMs, pid, options, components }: Status): string {
  const boot = bootMs === undefined ? '' : `, up after ${(bootMs / 1000).toFixed(1)} s`;
  const head = `${name}: ${phase}${boot}, Kubernetes ${options.binaries.version}, ${options.nodes}${options.real ? ' real' : ''} nodes, profile ${options.profile}, ${options.lifetime}, supervisor ${pid}`;
  const folder = folderOf(name);
  const rows = components.map((it) => {
    const exit = it.unexpectedExit
      ? `  ended by itself: ${it.unexpectedExit.signal ?? `exit code ${it.unexpectedExit.code}`} at ${it.unexpectedExit.at}`
      : '';
    return `  ${it.name.padEnd(24)}${it.state.padEnd(9)}${String(it.pid ?? '-').padEnd(9)}${it.starts > 1 ? `started ${it.starts} times` : ''}${it.cut ? '  cut from the API server' : ''}${exit}`.trimEnd();
  });
  return `${[head, `  kubeconfig ${folder.kubeconfig}`, ...rows].join('\n')}\n`;
}
