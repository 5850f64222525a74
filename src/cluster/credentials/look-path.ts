/**
 * The program that a command means, as Go's exec.LookPath finds it: a bare name in PATH, anything else as it stands.
 * What PATH finds in the current folder is not taken (Go: ErrDot).
 *
 * @param env whose PATH counts
 * @returns undefined where there is no such program, or none that may be executed
 */
export function lookPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
  const { basename, delimiter, isAbsolute, join } = process.getBuiltinModule('node:path');
  if (command === '') return undefined;
  if (basename(command) !== command) return programs(command, env).find(isProgram);
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter);
  const found = folders.flatMap((folder) => programs(join(folder || '.', command), env)).find(isProgram);
  return found !== undefined && isAbsolute(found) ? found : undefined;
}

/** On Windows a program's name may leave out any ending of PATHEXT. */
function programs(path: string, env: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform !== 'win32') return [path];
  const endings = (env['PATHEXT'] || '.com;.exe;.bat;.cmd').toLowerCase().split(';');
  const own = endings.some((ending) => path.toLowerCase().endsWith(ending)) ? [path] : [];
  return [...own, ...endings.map((ending) => path + ending)];
}

function isProgram(path: string): boolean {
  const { accessSync, constants, statSync } = process.getBuiltinModule('node:fs');
  try {
    if (statSync(path).isDirectory()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be executed: no program either way.
    return false;
  }
}
