import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { pathOf, refTo } from '../domain/object-ref.ts';
import type { WebSocketDialer } from './websocket.ts';

/** A TCP port of a Pod. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/**
 * The kubelet's own protocol, which API servers pass through: a binary message is one byte of channel and the data; channel
 * 0 is the connection, channel 1 tells why it failed; the first two bytes of each channel are the port
 * (cri-streaming/pkg/streaming/portforward/websocket.go). kubectl's SPDY inside of a WebSocket needs 1.31 and gains nothing
 * for one connection.
 */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;

/**
 * One TCP connection to a port of a Pod, through the API server and the Pod's kubelet. The port may turn out to be closed
 * only once something is sent: the stream then breaks with the kubelet's sentence.
 *
 * Needs `create` and, where the API server is older than 1.35, `get` on pods/portforward. Rejects with ApiError.
 */
export async function forwardPort(dialer: WebSocketDialer, { namespace, pod, port }: PodPort, signal?: AbortSignal): Promise<Duplex> {
  const path = `${pathOf(refTo('pods', namespace, pod))}/portforward`;
  const socket = await dialer.open({ path, query: { ports: String(port) }, protocols: [PROTOCOL] }, signal);
  return new ForwardedPort(socket);
}

class ForwardedPort extends Duplex {
  readonly #socket: WebSocket;
  /** What is left of the port's number at the beginning of each channel. */
  readonly #preamble = [PORT_BYTES, PORT_BYTES];

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => this.#take(toBuffer(data)));
    socket.once('close', () => {
      if (!this.destroyed) this.push(null);
    });
    socket.on('error', (error) => this.destroy(error));
    socket.resume();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  #take(message: Buffer): void {
    const channel = message[0];
    if (channel !== DATA && channel !== ERROR) return;
    const skipped = Math.min(this.#preamble[channel] ?? 0, message.length - 1);
    this.#preamble[channel] = (this.#preamble[channel] ?? 0) - skipped;
    const data = message.subarray(1 + skipped);
    if (data.length === 0) return;
    if (channel === ERROR) this.destroy(new Error(data.toString('utf8').trim()));
    else if (!this.push(data)) this.#socket.pause();
  }
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
