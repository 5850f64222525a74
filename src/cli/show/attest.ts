import { RefusedError, UsageError } from '../../domain/errors.ts';
import { ATTESTATIONS, attestationOf } from '../../domain/node-signs.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { lookAtNode } from '../../inspect/node/look.ts';
import { type NodeReport, nodeReport } from '../../inspect/node/report.ts';
import { renderNode } from '../../render/node.ts';
import { safe } from '../../render/text.ts';
import type { Attested } from '../attestation.ts';
import { askChoice, askText, hasTerminal, type PromptIo } from '../prompt.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/**
 * What is attested of a node where no flag says it: what an earlier run has left on it, of the same boot; else, on a terminal, the
 * evidence, what it means, and the question.
 * @throws RefusedError where something still runs on the node, or whoever is asked does not know; UsageError without a terminal
 */
export async function attested(name: string, flags: ConnectionValues, session: Session): Promise<Attested> {
  const { io, clock, interrupt } = session;
  const { connection, reader } = await session.open(flags);
  try {
    const { transport } = connection;
    const snapshot = await lookAtNode(name, { reader, clock, serverNow: () => transport.serverNow() });
    const earlier = attestedEarlier(snapshot);
    if (earlier !== undefined) return earlier;
    if (!hasTerminal(io))
      throw new UsageError('what is known of the machine?', `add --attest ${ATTESTATIONS.join('|')} and --evidence TEXT`);
    const report = nodeReport(snapshot);
    io.stderr.write(`${renderNode(report, snapshot.cluster, snapshot.now, viewOf(io.stderr, io.env, flags))}\n\n`);
    throwIfAlive(report);
    return await asked(name, { stdin: io.stdin, stderr: io.stderr, signal: interrupt.signal });
  } finally {
    connection.transport.close();
  }
}

function attestedEarlier(snapshot: Snapshot): Attested | undefined {
  const [node] = listOf(snapshot, 'node');
  const found = node === undefined ? undefined : attestationOf(node);
  if (found === undefined || found.bootID !== (node?.status.nodeInfo?.bootID ?? '')) return undefined;
  return { attest: found.attest, evidence: found.evidence };
}

function throwIfAlive({ name, verdict, meaning }: NodeReport): void {
  if (verdict === 'alive')
    throw new RefusedError(`node ${safe(name)} is alive: ${meaning}`, 'repair its network or its kubelet, or power it off first');
}

const UNKNOWN = 'unknown';

async function asked(name: string, io: PromptIo): Promise<Attested> {
  const choices = [
    { name: 'I don’t know', value: UNKNOWN },
    { name: 'It is powered off, and will not start by itself', value: 'powered-off' },
    { name: 'Its storage is fenced: it can no longer write to its volumes', value: 'storage-fenced' },
    { name: 'It is destroyed: the machine or the instance no longer exists', value: 'destroyed' },
  ] as const;
  const answer = await askChoice<(typeof choices)[number]['value']>(
    `What do you know of the machine of node ${safe(name)}?`,
    choices,
    io,
    '--attest',
  );
  if (answer === UNKNOWN)
    throw new RefusedError(
      `not attested: a node that is only cut off keeps writing to its volumes. Nothing was changed`,
      'find out whether the machine is off; then run the command again',
    );
  const evidence = (await askText('How do you know? (kept on the node)', io, '--evidence')).trim();
  if (evidence === '') throw new RefusedError('not attested: no evidence was given. Nothing was changed');
  return { attest: answer, evidence };
}
