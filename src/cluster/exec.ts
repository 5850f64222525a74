import type WebSocket from 'ws';
import { pathOf, refTo } from '../domain/object-ref.ts';
import type { WebSocketDialer, WebSocketRequest } from './websocket.ts';

/** A command in a container of a Pod. */
export interface PodCommand {
  readonly namespace: string;
  readonly pod: string;
  /** Default: the annotation kubectl.kubernetes.io/default-container, else the first; the caller knows the Pod. */
  readonly container: string;
  /** Program and arguments: no shell but the one that is named. */
  readonly command: readonly string[];
  /** Bytes that are kept of each stream, counted from its end. Default: 4096. */
  readonly kept?: number;
}

/** How it ended. Of each stream the last bytes, as text. */
export interface CommandEnd {
  /** 0 to 255. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A message is one byte of channel and the data; channel 3 ends with a Status that holds the exit code
 * (cri-streaming/pkg/streaming/remotecommand/websocket.go). v5 adds the end of stdin alone, which nobody needs here; servers
 * before 1.30 speak v4.
 */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;

/** Bytes that are kept of a stream where nothing else is asked for: enough for a message, whatever a command prints. */
const KEPT = 4096;

/**
 * Runs a command in a container and waits for its end. Without stdin: whatever asks for input reads the end of it.
 *
 * Needs `create` and, where the API server is older than 1.35, `get` on pods/exec. Rejects with ApiError where the server refuses,
 * with Error where the container or the connection does; with the signal's reason when that aborts: the command may run on.
 */
export async function runInPod(
  dialer: WebSocketDialer,
  { namespace, pod, container, command, kept }: PodCommand,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const request: WebSocketRequest = {
    path: `${pathOf(refTo('pods', namespace, pod))}/exec`,
    query: { command, container, stdout: 'true', stderr: 'true' },
    protocols: PROTOCOLS,
  };
  const socket = await dialer.open(request, signal);
  const abort = (): void => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await ended(socket, signal, kept);
  } finally {
    signal.removeEventListener('abort', abort);
    socket.terminate();
  }
}

function ended(socket: WebSocket, signal: AbortSignal, kept: number | undefined): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const [stdout, stderr, status] = [new Tail(kept), new Tail(kept), new Tail()];
    const streams = new Map([
      [STDOUT, stdout],
      [STDERR, stderr],
      [ERROR, status],
    ]);
    socket.on('message', (data: Buffer) => streams.get(data[0] ?? -1)?.add(data.subarray(1)));
    socket.on('error', reject);
    socket.once('close', () => {
      if (signal.aborted) return reject(asError(signal.reason));
      try {
        resolve({ code: exitCodeIn(status.text), stdout: stdout.text, stderr: stderr.text });
      } catch (error) {
        reject(asError(error));
      }
    });
    socket.resume();
  });
}

interface Status {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** @throws Error where it did not run, or how it ended is not known */
function exitCodeIn(text: string): number {
  if (text === '') throw new Error('the connection ended before the command did');
  const { status, reason, message = text, details } = JSON.parse(text) as Status;
  if (status === 'Success') return 0;
  const code = Number(details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message);
  if (reason === 'NonZeroExitCode' && Number.isInteger(code)) return code;
  throw new Error(message);
}

/** The end of a stream, as text: enough of it for a message. */
export class Tail {
  readonly #most: number;
  #kept = Buffer.alloc(0);

  constructor(most: number = KEPT) {
    this.#most = most;
  }

  add(data: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, data]).subarray(-this.#most);
  }

  get text(): string {
    return this.#kept.toString('utf8').trim();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
