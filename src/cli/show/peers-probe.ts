import type { Duplex } from 'node:stream';
import { pooled } from '../../cluster/pooled.ts';
import { forwardPort } from '../../cluster/port-forward.ts';
import { ApiError } from '../../domain/errors.ts';
import { collectionOf } from '../../domain/object-ref.ts';
import type { Peers, ProbeAnswer } from '../../peers/peer.ts';
import type { Probe } from '../../peers/probe.ts';
import type { Cluster } from '../session.ts';

/** Pods that are asked at once. */
const AT_ONCE = 16;

/** An HTTP answer has to begin by then, milliseconds. */
const PATIENCE_MS = 10_000;

/** A port that has not been refused by then is open: a kubelet says nothing when it has connected. */
const OPEN_AFTER_MS = 1000;

/** Asks every Pod among the peers through the API server; its own address is never dialed. @returns answers by name */
export async function probePeers(probe: Probe, { namespace, peers }: Peers, cluster: Cluster): Promise<ReadonlyMap<string, ProbeAnswer>> {
  const pods = peers.filter(({ pod }) => pod !== undefined).map(({ name }) => ({ namespace, name }));
  const answers = await pooled(pods, AT_ONCE, async (pod) => {
    const answer = probe.scheme === 'tcp' ? await probeTcp(pod, probe.port, cluster) : await probeHttp(pod, probe, cluster);
    return [pod.name, answer] as const;
  });
  return new Map(answers);
}

interface Pod {
  readonly namespace: string;
  readonly name: string;
}

async function probeHttp(
  { namespace, name }: Pod,
  { scheme, port, path }: Probe & { readonly path: string },
  { connection }: Cluster,
): Promise<ProbeAnswer> {
  const begun = new AbortController();
  const url = `${collectionOf('pods', namespace)}/${scheme}:${name}:${port}/proxy${path}`;
  try {
    // What it answers is of no interest, and may never end.
    const request = { method: 'GET' as const, path: url, timeoutMs: PATIENCE_MS, signal: begun.signal };
    await connection.transport.stream(request, ignore, () => begun.abort());
    return { ok: true, answer: '2xx' };
  } catch (error) {
    if (begun.signal.aborted) return { ok: true, answer: '2xx' };
    return failed(error);
  }
}

function ignore(): void {
  // A body is not read.
}

async function probeTcp({ namespace, name }: Pod, port: number, { connection }: Cluster): Promise<ProbeAnswer> {
  try {
    const stream = await forwardPort(connection.sockets, { namespace, pod: name, port });
    const over = new AbortController();
    const quiet = connection.clock.sleep(OPEN_AFTER_MS, over.signal).catch(() => undefined);
    try {
      await Promise.race([firstSign(stream), quiet]);
      return { ok: true, answer: 'open' };
    } finally {
      over.abort();
      stream.destroy();
    }
  } catch (error) {
    return failed(error);
  }
}

/** Data, which proves that the port is open, or a break, which says why it is not. */
function firstSign(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('data', () => resolve());
    stream.once('end', () => reject(new Error('closed at once')));
    stream.once('error', reject);
  });
}

function failed(error: unknown): ProbeAnswer {
  if (!(error instanceof Error)) throw error;
  const refused = /connection refused/.test(error.message);
  if (!(error instanceof ApiError)) return { ok: false, answer: refused ? 'connection refused' : error.message };
  // A redirect is an answer of the Pod, too.
  const { status } = error;
  if (status !== undefined && status >= 300 && status < 400) return { ok: true, answer: String(status) };
  return {
    ok: false,
    answer: [...(status === undefined ? [] : [String(status)]), refused ? 'connection refused' : error.message].join(' '),
  };
}
