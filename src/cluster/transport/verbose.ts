import type { ApiError } from '../../domain/errors.ts';
import type { Identity } from '../endpoint.ts';

const MAX_BODY = 1024;

/** `-v`: lines for stderr. Credentials never appear in them, nor the contents of Secrets. */
export class RequestLog {
  readonly #verbosity: number;
  readonly #log: (line: string) => void;

  constructor(verbosity: number, log: (line: string) => void) {
    this.#verbosity = verbosity;
    this.#log = log;
  }

  /** Before a request leaves. */
  sending(method: string, url: string, identity: Identity, body: string | undefined): void {
    if (this.#verbosity >= 7) this.#log(`${method} ${url}, ${describe(identity)}`);
    if (this.#verbosity >= 8 && body !== undefined) this.#log(`Request Body: ${shown(url, body)}`);
  }

  /** The head of an answer is there, after `ms`. */
  answered(method: string, url: string, status: string, ms: number): void {
    if (this.#verbosity >= 6) this.#log(`${method} ${url} ${status} in ${Math.round(ms)} milliseconds`);
  }

  failed(method: string, url: string, error: ApiError, ms: number): void {
    if (this.#verbosity >= 6) this.#log(`${method} ${url} ${error.message} after ${Math.round(ms)} milliseconds`);
  }

  body(url: string, body: string): void {
    if (this.#verbosity >= 8) this.#log(`Response Body: ${shown(url, body)}`);
  }
}

function describe(identity: Identity): string {
  const header = identity.authorization === undefined ? undefined : `Authorization: ${identity.authorization.split(' ')[0]} <masked>`;
  const cert = identity.cert === undefined ? undefined : 'client certificate';
  return [header, cert].filter((part) => part !== undefined).join(', ') || 'no credentials';
}

function shown(url: string, body: string): string {
  if (/\/secrets(?:[/?]|$)/.test(url) || body.includes('"kind":"Secret"')) return `<${body.length} characters of a Secret>`;
  return body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)} [truncated ${body.length - MAX_BODY} chars]` : body;
}
