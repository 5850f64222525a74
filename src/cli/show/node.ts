import { lookAtNode } from '../../inspect/node/look.ts';
import { nodeReport } from '../../inspect/node/report.ts';
import { renderDocument } from '../../render/json.ts';
import { renderNode } from '../../render/node.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/** `node check NODE`: all evidence, and what it comes to. */
export async function showNode(
  name: string,
  check: boolean,
  output: OutputChoice,
  flags: ConnectionValues,
  { open, io, clock }: Pick<Session, 'open' | 'io' | 'clock'>,
): Promise<number> {
  const {
    connection: { transport },
    reader,
  } = await open(flags);
  try {
    const serverNow = (): number => transport.serverNow();
    const snapshot = await lookAtNode(name, { reader, clock, serverNow });
    const report = nodeReport(snapshot);
    const view = viewOf(io.stdout, io.env, flags);
    io.stdout.write(
      isDocument(output.format)
        ? await renderDocument('NodeReport', report, output.format)
        : `${renderNode(report, snapshot.cluster, snapshot.now, view)}\n`,
    );
    return check && report.verdict !== 'alive' ? 5 : 0;
  } finally {
    transport.close();
  }
}
