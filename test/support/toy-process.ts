import { realClock } from '../../src/cli/clock.ts';
import { connectHost, openCluster } from '../../src/cli/connect.ts';
import { leave, processIo } from '../../src/cli/exit.ts';
import { Interrupt } from '../../src/cli/interrupt.ts';
import { runChange } from '../../src/cli/run-change.ts';
import type { Session } from '../../src/cli/session.ts';
import { showOperations } from '../../src/cli/show/operations.ts';
import { register } from '../../src/operations/registry.ts';
import { tune } from './toy-operations.ts';

/**
 * The program with one more operation, as a process of its own: `node toy-process.ts OPERATION NAMESPACE NAME [OPTIONS]`,
 * or `operations NAMESPACE`. Only the
 * operation is entered; what carries it out is the program's.
 */
register(tune);

const [operation = '', namespace = '', name = '', options = '{}'] = process.argv.slice(2);
const io = processIo();
const interrupt = new Interrupt(io);
const session: Pick<Session, 'io' | 'clock' | 'interrupt' | 'open'> = {
  io,
  clock: realClock,
  interrupt,
  open: (flags) => openCluster(flags, connectHost(io, realClock)),
};
const common = { yes: true, allow: [], takeOver: true };
const flags = { namespace, yes: true, output: 'json' } as const;
const request = { operation, name, options: JSON.parse(options) as Readonly<Record<string, unknown>>, common };
const ran =
  operation === 'operations'
    ? showOperations(false, { format: 'json', headers: true }, flags, session as Session)
    : runChange(request, flags, session as Session);
await leave(await interrupt.guard(ran), io);
