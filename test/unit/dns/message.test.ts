import { encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeQuestion, idOf, MalformedAnswer, type Question } from '../../../src/dns/message.ts';

const question: Question = { name: 'web.prod.svc.cluster.local', type: 'SRV' };

function answer(over: Partial<Packet> = {}): Buffer {
  return encode({
    type: 'response',
    id: 7,
    flags: RECURSION_DESIRED,
    questions: [{ type: 'SRV', name: question.name }],
    answers: [
      {
        type: 'SRV',
        name: question.name,
        ttl: 5,
        data: { target: 'Web-0.web.prod.svc.cluster.local.', port: 5432, priority: 0, weight: 1 },
      },
    ],
    ...over,
  });
}

describe('a question', () => {
  it('is framed for TCP and has the name once, with or without the dot', () => {
    const bytes = encodeQuestion(7, { ...question, name: `${question.name}.` });
    expect(bytes.readUInt16BE(0)).toBe(bytes.length - 2);
    expect(idOf(bytes.subarray(2))).toBe(7);
    expect(encodeQuestion(7, question)).toEqual(bytes);
  });
});

describe('an answer', () => {
  it('is read with names in lower case', () => {
    expect(decodeAnswer(answer(), question)).toEqual({
      rcode: 'NOERROR',
      truncated: false,
      records: [{ type: 'SRV', name: question.name, ttl: 5, target: 'web-0.web.prod.svc.cluster.local', port: 5432 }],
    });
  });

  it('says that there is no such name, and that it is not whole', () => {
    expect(decodeAnswer(answer({ flags: 3, answers: [] }), question)).toMatchObject({ rcode: 'NXDOMAIN', records: [] });
    expect(decodeAnswer(answer({ flags: 1 << 9 }), question)).toMatchObject({ truncated: true });
  });

  it('has only records of the type that was asked for', () => {
    const answers: Packet['answers'] = [
      { type: 'CNAME', name: question.name, data: 'elsewhere.example' },
      { type: 'AAAA', name: question.name, data: '2001:db8::1' },
    ];
    expect(decodeAnswer(answer({ answers }), question).records).toEqual([]);
    const asked: Question = { name: question.name, type: 'AAAA' };
    const about = answer({ answers, questions: [{ type: 'AAAA', name: question.name }] });
    expect(decodeAnswer(about, asked).records).toEqual([{ type: 'AAAA', name: question.name, ttl: 0, address: '2001:db8::1' }]);
  });

  it.each([
    ['to another question', answer({ questions: [{ type: 'SRV', name: 'other.example' }] }), 'an answer about SRV other.example'],
    ['that is a question', encodeQuestion(7, question).subarray(2), 'a question came back'],
    ['of three bytes', Buffer.from('abc'), 'no DNS message'],
    ['of HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'no DNS message'],
  ])('%s is refused', (_, bytes, words) => {
    expect(() => decodeAnswer(bytes, question)).toThrow(MalformedAnswer);
    expect(() => decodeAnswer(bytes, question)).toThrow(words);
  });

  it('made of any bytes is read or refused, never anything else', () => {
    const cut = fc.tuple(fc.integer({ min: 0, max: 90 }), fc.array(fc.tuple(fc.nat(89), fc.nat(255)), { maxLength: 6 }));
    const damaged = cut.map(([end, changes]) => {
      const bytes = Buffer.from(answer());
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes.subarray(0, end);
    });
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      damaged,
    );
    fc.assert(
      fc.property(any, (bytes) => {
        try {
          const { records } = decodeAnswer(bytes, question);
          expect(records.every(({ type }) => type === 'SRV')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAnswer);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
