import { createReadStream, statSync } from 'node:fs';
import type { Api } from './api.ts';
import { linesOf } from './api.ts';

/** One request as the API server logged it, once it was answered; a watch is logged when it begins and when it ends. */
export interface Audited {
  readonly stage?: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly user: { readonly username: string };
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource: string; readonly namespace?: string; readonly name?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Asks what one may do: a POST that changes nothing. */
const asking = new Set(['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews']);

/** Requests of one user, from the moment when the reader was made. */
export class AuditLog {
  readonly #path: string;
  readonly #api: Api;
  readonly #user: string;
  readonly #from: number;

  constructor(path: string, api: Api, user: string) {
    this.#path = path;
    this.#api = api;
    this.#user = user;
    this.#from = statSync(path).size;
  }

  async requests(): Promise<readonly Audited[]> {
    await this.#settled();
    return (await this.#read()).filter(({ user }) => user.username === this.#user);
  }

  /** Requests that change something, and were meant to: neither reviews nor dry runs. */
  async writes(): Promise<readonly Audited[]> {
    return (await this.requests()).filter(isWrite);
  }

  /** The log is written as requests end: one of ours, begun after the others had ended, comes after them. */
  async #settled(): Promise<void> {
    const mark = `/api/v1/namespaces/none/configmaps?labelSelector=mark%3Dm${process.pid}-${(marks += 1)}`;
    await this.#api.get(mark);
    while (!(await this.#read()).some(({ requestURI }) => requestURI === mark)) await new Promise((resolve) => setImmediate(resolve));
  }

  async #read(): Promise<readonly Audited[]> {
    const found: Audited[] = [];
    for await (const line of linesOf(createReadStream(this.#path, { start: this.#from, encoding: 'utf8' }))) {
      // The last line may still be growing.
      if (line.endsWith('}')) found.push(parsed(line));
    }
    return found;
  }
}

let marks = 0;

function parsed(line: string): Audited {
  try {
    return JSON.parse(line) as Audited;
  } catch {
    return { user: { username: '' }, verb: '', requestURI: '' };
  }
}

export function isWrite({ verb, objectRef, requestURI }: Audited): boolean {
  return writing.has(verb) && !asking.has(objectRef?.resource ?? '') && !/[?&]dryRun=/.test(requestURI);
}

/** `patch statefulsets/web`: one request in a line, for comparisons that a person can read. */
export function inShort({ verb, objectRef }: Audited): string {
  const { resource = '', name = '', subresource } = objectRef ?? {};
  return [verb, [resource, name, subresource].filter((part) => part !== undefined && part !== '').join('/')].join(' ');
}
