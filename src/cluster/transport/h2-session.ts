import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../domain/clock.ts';
import { ApiError } from '../../domain/errors.ts';
import { errorFromBreakage } from './breakage.ts';
import { closedError, type Kill, MAX_IDLE_MS, type Opened, PROBE_AFTER_MS, type Wire } from './exchange.ts';

/** How long a PING may take (client-go's PingTimeout). */
const PING_TIMEOUT_MS = 15_000;

/**
 * What may be under way to us, by stream as in Go's client; HTTP/2's own 64 KiB would make a long list wait for the
 * network every 64 KiB. What is read is handed on at once, so this is a bound of what lies here.
 */
const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;

const REFUSED = 'REFUSED_STREAM';

/** One HTTP/2 connection: all reads, watches and writes at once. */
export class H2Session {
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #streams = 0;
  #idleSince: number;
  #retired = false;
  /** Streams above this one were not looked at by a server that said goodbye. */
  #lastTaken = Number.POSITIVE_INFINITY;

  /** @param socket with its handshake done, and h2 agreed upon */
  constructor(server: string, socket: TLSSocket, clock: Clock) {
    this.#clock = clock;
    this.#idleSince = clock.now();
    const session = process.getBuiltinModule('node:http2').connect(new URL(server).origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    });
    this.#session = session;
    session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
    session.on('goaway', (_code, lastStream) => (this.#lastTaken = lastStream));
    // Told by each stream.
    session.on('error', () => undefined);
    session.once('close', () => this.#over.abort(new Error('the connection is over')));
    void this.#probe(socket);
  }

  /** Whether a request may be put on it: the server has not said goodbye, and it has not idled for too long. */
  get usable(): boolean {
    if (this.#retired || this.#session.closed || this.#session.destroyed) return false;
    return this.#streams > 0 || this.#clock.now() - this.#idleSince < MAX_IDLE_MS;
  }

  /** What is under way ends on it; nothing more begins. */
  retire(): void {
    this.#retired = true;
    this.#session.close();
  }

  /** Whether nothing is left of it. */
  get over(): boolean {
    return this.#session.destroyed;
  }

  /** Breaks what is under way. */
  destroy(error?: Error): void {
    this.#session.destroy(error);
  }

  /**
   * Sends a request and resolves with the answer's head.
   * Rejects with ApiError, `sent` saying how far it had come; see `wasRefused`.
   */
  open(wire: Wire, kill: Kill): Promise<Opened> {
    const { promise, resolve, reject } = Promise.withResolvers<Opened>();
    const stream = this.#request(wire);
    let head = false;
    let ended: Error | undefined;
    const broken = (error: Error): ApiError => {
      const cause = ended ?? error;
      return cause instanceof ApiError ? cause : this.#broken(wire, stream, cause, head || ended !== undefined);
    };
    const destroy = (error: Error): void => {
      ended ??= error;
      // Whatever keeps the answer away may keep the next one away, too: it gets another connection.
      if (!head && (error as NodeJS.ErrnoException).code === 'ETIMEDOUT') this.retire();
      // Closing tells the server, and ends the stream without an error.
      stream.close(process.getBuiltinModule('node:http2').constants.NGHTTP2_CANCEL);
    };
    stream.on('error', (error) => reject(broken(error)));
    stream.once('close', () => reject(broken(closedError())));
    stream.once('response', (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
      head = true;
      const status = headers[':status'] ?? 0;
      const statusText = process.getBuiltinModule('node:http').STATUS_CODES[status] ?? '';
      const whole = (): boolean => ended === undefined && stream.rstCode === 0;
      resolve({ status, statusText, headers, body: stream, whole, destroy, broken });
    });
    kill(destroy);
    stream.end(wire.body);
    return promise;
  }

  #request(wire: Wire): ClientHttp2Stream {
    const { pathname, search, host } = new URL(wire.url);
    const headers = { ...wire.headers, ':method': wire.method, ':path': `${pathname}${search}`, ':authority': host };
    const stream = this.#session.request(headers, { endStream: wire.body === undefined });
    this.#streams += 1;
    stream.once('close', () => {
      this.#streams -= 1;
      this.#idleSince = this.#clock.now();
    });
    return stream;
  }

  /** @param past whether it is settled that the server took it, or that we ended it ourselves */
  #broken(wire: Wire, stream: ClientHttp2Stream, error: NodeJS.ErrnoException, past: boolean): ApiError {
    const { id } = stream;
    const refused =
      !past &&
      (id === undefined ||
        id > this.#lastTaken ||
        stream.rstCode === process.getBuiltinModule('node:http2').constants.NGHTTP2_REFUSED_STREAM);
    if (!refused) return errorFromBreakage({ request: wire.name, error, connected: id !== undefined });
    const refusal = Object.assign(new Error('the server did not take the request'), { code: REFUSED, cause: error });
    return errorFromBreakage({ request: wire.name, error: refusal, connected: false });
  }

  /** A peer that says nothing to a PING is gone, whatever still answers TCP's probes in front of it. */
  async #probe(socket: TLSSocket): Promise<void> {
    const { signal } = this.#over;
    try {
      for (let heard = -1; ; heard = socket.bytesRead) {
        await this.#clock.sleep(PROBE_AFTER_MS, signal);
        if (socket.bytesRead === heard && !(await this.#answersPing(signal))) return this.destroy(deadError());
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #answersPing(signal: AbortSignal): Promise<boolean> {
    if (this.over) return true;
    const late = new AbortController();
    const answer = new Promise<boolean>((resolve) => {
      this.#session.ping((error) => resolve(error === null));
    });
    const timeout = this.#clock.sleep(PING_TIMEOUT_MS, AbortSignal.any([signal, late.signal])).then(() => false);
    timeout.catch(() => undefined);
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      late.abort(new Error('over'));
    }
  }
}

/**
 * The server has said, by resetting the stream or by its goodbye, that it did nothing about the request: it may be sent
 * again on another connection, writes too (RFC 9113, sections 6.8 and 8.7).
 */
export function wasRefused(error: unknown): boolean {
  return error instanceof ApiError && error.reason === REFUSED && error.sent === 'not-sent';
}

function deadError(): NodeJS.ErrnoException {
  return Object.assign(new Error(`the connection is dead: no answer within ${PING_TIMEOUT_MS / 1000}s`), { code: 'ECONNRESET' });
}
