import { type Answer, decode, type Packet, RECURSION_DESIRED, streamEncode } from 'dns-packet';

/** The record types that peers are found by. */
export type AskedType = 'SRV' | 'A' | 'AAAA' | 'PTR';

export interface Question {
  /** Absolute; with or without the dot at its end. */
  readonly name: string;
  readonly type: AskedType;
}

/** One record of an answer. Names are in lower case and without the dot at their end. */
export type DnsRecord =
  | { readonly type: 'SRV'; readonly name: string; readonly ttl: number; readonly target: string; readonly port: number }
  | { readonly type: 'A' | 'AAAA'; readonly name: string; readonly ttl: number; readonly address: string }
  | { readonly type: 'PTR'; readonly name: string; readonly ttl: number; readonly target: string };

/** The code of an answer that nobody gave, because what asks cannot ask for such records. */
export const NOT_ASKED = 'not asked';

export interface DnsAnswer {
  /** NOERROR, NXDOMAIN, SERVFAIL, REFUSED … (RFC 1035, 4.1.1), or NOT_ASKED. */
  readonly rcode: string;
  /** Records of the type that was asked for; a CNAME on the way is left out. */
  readonly records: readonly DnsRecord[];
  /** There is more than fits into one message (64 KiB by TCP). */
  readonly truncated: boolean;
}

/** What came is no DNS message, or no answer to what was asked. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** A question as DNS over TCP sends it: two bytes of length, then the message (RFC 7766, section 8). */
export function encodeQuestion(id: number, { name, type }: Question): Buffer {
  return streamEncode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type, name: plain(name) }] });
}

/** The identifier of a message: by it an answer finds its question. */
export function idOf(message: Buffer): number {
  if (message.length < 12) throw new MalformedAnswer(`an answer of ${message.length} bytes: a DNS message has at least 12`);
  return message.readUInt16BE(0);
}

/** Reads an answer (without its two bytes of length). Throws MalformedAnswer; nothing that a server sends makes it loop. */
export function decodeAnswer(message: Buffer, question: Question): DnsAnswer {
  const packet = decoded(message) as Packet & { readonly rcode?: string; readonly flag_tc?: boolean };
  if (packet.type !== 'response') throw new MalformedAnswer('a question came back instead of an answer');
  const asked = packet.questions?.[0];
  if (asked !== undefined && (plain(asked.name) !== plain(question.name) || asked.type !== question.type))
    throw new MalformedAnswer(`an answer about ${asked.type} ${asked.name} instead of ${question.type} ${question.name}`);
  const records = (packet.answers ?? []).flatMap((answer) => recordOf(answer)).filter(({ type }) => type === question.type);
  return { rcode: packet.rcode ?? 'NOERROR', records, truncated: packet.flag_tc === true };
}

/** In lower case and without the dot at the end: names are compared so. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function decoded(message: Buffer): Packet {
  try {
    return decode(message);
  } catch (error) {
    throw new MalformedAnswer(`the answer is no DNS message: ${(error as Error).message}`, { cause: error });
  }
}

function recordOf(answer: Answer): readonly DnsRecord[] {
  const name = plain(answer.name);
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  if (answer.type === 'SRV') return [{ type: 'SRV', name, ttl, target: plain(answer.data.target), port: answer.data.port }];
  if (answer.type === 'A' || answer.type === 'AAAA') return [{ type: answer.type, name, ttl, address: answer.data }];
  return answer.type === 'PTR' ? [{ type: 'PTR', name, ttl, target: plain(answer.data) }] : [];
}
