import { accessKey, isNeeded, type Permission } from '../../domain/access.ts';
import { UsageError } from '../../domain/errors.ts';
import { suggestion } from '../../domain/near.ts';
import { permissionsOf } from '../../operate/permissions.ts';
import { rolesFor } from '../../operate/roles.ts';
import { everyOperation, operationNamed } from '../../operations/registry.ts';
import { renderPermissions, renderPermissionsOf } from '../../render/permissions.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { LOOKING, permissionsToLook } from './look-access.ts';

type Flags = ConnectionValues & { readonly output?: 'json' | 'yaml' | undefined };

/** `permissions`: what commands need, what of it is allowed, or the Roles for it. @returns 0, or 5 with --check where something is missing */
export async function showPermissions(operation: string, check: boolean, flags: Flags, session: Session): Promise<number> {
  const known = [...LOOKING, ...everyOperation().map(({ id }) => id)];
  const ids = operation === '' ? known : [operation];
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new UsageError(`${unknown} is not a command that uses the API server`, suggestion(unknown, known));
  const cluster = await session.open(flags);
  const { io } = session;
  try {
    const { namespace } = cluster.connection;
    const needs = new Map(ids.map((id) => [id, permissionsIn(id, namespace)]));
    if (flags.output !== undefined) {
      const { text } = await import('../roles-text.ts');
      io.stdout.write(await text(rolesFor(ids.length === 1 ? operation : '', [...needs.values()].flat(), namespace), flags.output));
      return 0;
    }
    const all = new Map([...needs.values()].flat().map((need) => [accessKey(need), need]));
    const tell = (message: string): void => void io.stderr.write(`warning: ${message}\n`);
    const denied = new Set((await cluster.reader.denied([...all.values()], tell)).map(accessKey));
    const view = viewOf(io.stdout, io.env, flags);
    const only = needs.get(operation);
    io.stdout.write(`${only === undefined ? renderPermissions(needs, denied, view) : renderPermissionsOf(only, denied, view)}\n`);
    const isMissing = [...needs.values()].flat().some((need) => isNeeded(need) && denied.has(accessKey(need)));
    return check && isMissing ? 5 : 0;
  } finally {
    cluster.connection.transport.close();
  }
}

function permissionsIn(id: string, namespace: string): readonly Permission[] {
  const operation = operationNamed(id);
  return operation === undefined ? permissionsToLook(id, namespace) : permissionsOf(operation, namespace);
}
