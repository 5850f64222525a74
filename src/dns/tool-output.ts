import { type DnsAnswer, type DnsRecord, NOT_ASKED, plain, type Question } from './message.ts';
import { DnsFailure } from './resolver.ts';
import { ANSWER_LINE, TOOL_LINE, TOOLS, type Tool } from './tools.ts';

/** What the tool of a container said, question by question. */
export interface ToolAnswers {
  readonly tool: Tool;
  readonly answers: readonly DnsAnswer[];
}

/**
 * Reads what the command of `commandFor` prints.
 * @throws DnsFailure where nothing could ask, or a question was not answered
 */
export function answersIn(output: string, questions: readonly Question[]): ToolAnswers {
  const [head = '', ...texts] = output.split(ANSWER_LINE);
  const found = TOOL_LINE.exec(head)?.[1];
  const tool = TOOLS.find((one) => one === found);
  if (tool === undefined) throw new DnsFailure(`the container has none of ${TOOLS.join(', ')}`);
  if (texts.length !== questions.length) throw new DnsFailure(`${tool} answered ${texts.length} of ${questions.length} questions`);
  return { tool, answers: questions.map((question, index) => READERS[tool](texts[index] ?? '', question)) };
}

type Reader = (text: string, question: Question) => DnsAnswer;
const READERS: Readonly<Record<Tool, Reader>> = { dig: readDig, nslookup: readNslookup, getent: readGetent };

/** With +comments and +answer: a status, then `NAME TTL IN TYPE DATA` a record. It asks again by TCP what was cut off. */
function readDig(text: string, { type }: Question): DnsAnswer {
  const rcode = /status: (\w+)/.exec(text)?.[1];
  if (rcode === undefined) throw failure('dig', text);
  const lines = [...text.matchAll(/^(\S+)\s+(\d+)\s+IN\s+(\S+)\s+(.+)$/gm)];
  const records = lines.flatMap(([, name = '', ttl, kind, data = '']) => (kind === type ? recordOf(type, name, Number(ttl), data) : []));
  return { rcode, records, truncated: false };
}

/** BIND's nslookup and busybox's: the server, then what it answered. Neither says a TTL. */
function readNslookup(text: string, { type, name }: Question): DnsAnswer {
  const rcode = /can't find .*: ([A-Z]+)$/m.exec(text)?.[1];
  const answer = /^Server:.*\nAddress:.*(?:\n|$)([\s\S]*)/m.exec(text)?.[1];
  if (answer === undefined || /no servers could be reached|timed out/.test(text)) throw failure('nslookup', text);
  const lines = [...answer.matchAll(/^(?:\S+\s+(?:service|name) = |Address(?: \d+)?:\s+)(.+)$/gm)];
  const records = lines.flatMap(([, data = '']) => recordOf(type, name, 0, data));
  return { rcode: rcode ?? 'NOERROR', records, truncated: isBusybox(text) && isFull(name, records) };
}

/** getent says the same of a name that is not there and of a server that is not: other names show whether DNS answers at all. */
function readGetent(text: string, { type, name }: Question): DnsAnswer {
  if (type !== 'A' && type !== 'AAAA') return { rcode: NOT_ASKED, records: [], truncated: false };
  const addresses = new Set([...text.matchAll(/^(\S+)\s+STREAM\b/gm)].map(([, address = '']) => address));
  // For a name without an IPv6 address it shows the IPv4 one, mapped.
  const records = [...addresses].filter((address) => !address.startsWith('::ffff:')).flatMap((address) => recordOf(type, name, 0, address));
  return { rcode: records.length === 0 ? 'NXDOMAIN' : 'NOERROR', records, truncated: false };
}

function recordOf(type: Question['type'], owner: string, ttl: number, data: string): readonly DnsRecord[] {
  const [name, text] = [plain(owner), data.trim()];
  if (type === 'A' || type === 'AAAA') return text.includes(':') === (type === 'AAAA') ? [{ type, name, ttl, address: text }] : [];
  if (type === 'PTR') return [{ type, name, ttl, target: plain(text) }];
  const [, port, target] = /^\d+\s+\d+\s+(\d+)\s+(\S+)$/.exec(text) ?? [];
  return port === undefined || target === undefined ? [] : [{ type, name, ttl, target: plain(target), port: Number(port) }];
}

/** It writes the server as ADDRESS:53, BIND's as ADDRESS#53. */
function isBusybox(text: string): boolean {
  return !/^Address:.*#\d+$/m.test(text);
}

/** Bytes of a message by UDP (RFC 1035, 2.3.4). */
const UDP_BYTES = 512;
/** Of the message: its header, and of each record all but the names, with the owner's name as a pointer. */
const [HEADER_BYTES, RECORD_BYTES] = [12 + 6, 18 + 2];

/** busybox does not ask again by TCP, and does not say that an answer was cut off: only whether one more record would have fitted in tells. */
function isFull(name: string, records: readonly DnsRecord[]): boolean {
  const sizes = records.map((record) => (record.type === 'SRV' ? RECORD_BYTES + record.target.length : 0));
  const used = HEADER_BYTES + name.length + sizes.reduce((sum, size) => sum + size, 0);
  return sizes.length > 0 && used + Math.max(...sizes) > UDP_BYTES;
}

/** The tool's own words, without what it asked and found before. */
function failure(tool: Tool, text: string): DnsFailure {
  const lines = text.split('\n').map((line) => line.replace(/^;; /, '').trim());
  const why = lines.find((line) => /no servers|timed out|refused|not found|usage/i.test(line)) ?? lines.find((line) => line !== '');
  return new DnsFailure(`${tool}: ${why ?? 'no output'}`);
}
