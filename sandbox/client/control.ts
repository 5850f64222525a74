import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Folder } from '../host/folder.ts';
import type { Status } from '../supervisor/control.ts';

/** Sends a command to a supervisor. Throws its sentence, or ECONNREFUSED/ENOENT if there is none. */
export async function command<T = void>(
  { controlSocket }: Pick<Folder, 'controlSocket'>,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  // A connection of its own: a kept one may lead to a supervisor that has died, or to the one before.
  const sent = request({ socketPath: controlSocket, method, path, agent: false });
  sent.end(body && JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answer = (await json(response)) as T & { error?: string };
  if (response.statusCode !== 200) throw new Error(answer.error);
  return answer;
}

/** The status of a living supervisor; undefined if nobody listens. */
export async function statusOf(folder: Folder): Promise<Status | undefined> {
  try {
    return await command<Status>(folder, 'GET', '/status');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET') return undefined;
    throw error;
  }
}

/** Asks a supervisor to end and resolves when its process has: it never answers, so the connection lasts as long as the process. */
export function endAndWait(folder: Folder): Promise<void> {
  return new Promise((resolve) => {
    const sent = request({ socketPath: folder.controlSocket, method: 'POST', path: '/down' });
    sent.once('error', () => resolve()).once('close', () => resolve());
    sent.end();
  });
}
