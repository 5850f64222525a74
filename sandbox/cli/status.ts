import { statusOf } from '../client/control.ts';
import { knownFolders, sweep } from '../client/sweep.ts';
import { defaultName, folderOf } from '../host/folder.ts';
import type { Status } from '../supervisor/control.ts';
import { UsageError } from './usage.ts';

/** Prints all sandboxes, or one; sweeps away what dead ones left. Exit code 1 if the one that was named is not there. */
export async function showStatus(output: string | undefined, name?: string): Promise<number> {
  if (output !== undefined && output !== 'json') throw new UsageError(`-o is json, not "${output}".`);
  const found: Status[] = [];
  for (const folder of name === undefined ? knownFolders() : [folderOf(name)]) {
    const status = await statusOf(folder);
    if (status) found.push(status);
    else if (await sweep(folder)) process.stderr.write(`The sandbox "${folder.name}" had died; its folder is swept away.\n`);
  }
  if (output === 'json') process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else process.stdout.write(found.length ? found.map(text).join('\n') : `No sandbox is up. Start one with npm run sandbox -- up\n`);
  return name !== undefined && !found.length ? 1 : 0;
}

function text({ name, phase, bootMs, pid, options, components }: Status): string {
  const boot = bootMs === undefined ? '' : `, up after ${(bootMs / 1000).toFixed(1)} s`;
  const head = `${name}: ${phase}${boot}, Kubernetes ${options.binaries.version}, ${options.nodes} nodes, profile ${options.profile}, ${options.lifetime}, supervisor ${pid}`;
  const folder = folderOf(name || defaultName);
  const rows = components.map((it) => {
    const exit = it.unexpectedExit
      ? `  ended by itself: ${it.unexpectedExit.signal ?? `exit code ${it.unexpectedExit.code}`} at ${it.unexpectedExit.at}`
      : '';
    return `  ${it.name.padEnd(24)}${it.state.padEnd(9)}${String(it.pid ?? '-').padEnd(9)}${it.starts > 1 ? `started ${it.starts} times` : ''}${it.cut ? '  cut from the API server' : ''}${exit}`.trimEnd();
  });
  return `${[head, `  kubeconfig ${folder.kubeconfig}`, ...rows].join('\n')}\n`;
}
