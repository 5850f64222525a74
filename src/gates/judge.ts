import type { Comparison, Gate } from '../plan/gate.ts';

/** How a command ended; of each stream the end is enough. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What came back of what a gate asks. */
export type Observation =
  | ({ readonly of: 'command' } & CommandOutcome)
  | { readonly of: 'http'; readonly status: number; readonly body: string }
  /** It was judged where it was asked. */
  | ({ readonly of: 'answer' } & Answer)
  /** Nobody answered, or said that it cannot be asked. */
  | { readonly of: 'nothing'; readonly why: string };

export interface Answer {
  readonly holds: boolean;
  /** What came back, in a few words: "exit code 2: no leader". */
  readonly said: string;
}

/** Longest part of what came back that a message shows. */
const SHOWN = 160;

/** Whether what came back is what the gate asks for. */
export function judge(gate: Gate, observation: Observation): Answer {
  if (observation.of === 'nothing') return { holds: false, said: observation.why };
  if (observation.of === 'answer') return { holds: observation.holds, said: withText(observation.said, '') };
  if (observation.of === 'command') {
    const { code, stdout, stderr } = observation;
    return { holds: code === 0, said: withText(`exit code ${code}`, lastLine(stderr) || lastLine(stdout)) };
  }
  return gate.ask === 'promql' ? judgePromql(gate, observation) : judgeHttp(gate, observation);
}

function judgeHttp(gate: Gate, { status, body }: Extract<Observation, { of: 'http' }>): Answer {
  const { status: wanted, matches = '' } = gate.ask === 'http' || gate.ask === 'https' ? gate : {};
  const isStatus = wanted === undefined ? isWell(status) : status === wanted;
  const isBody = new RegExp(matches, 's').test(body);
  const said = isStatus && !isBody ? `HTTP ${status}, without ${matches} in it` : `HTTP ${status}`;
  return { holds: isStatus && isBody, said: withText(said, lastLine(body)) };
}

/** As a probe of the kubelet takes it. */
function isWell(status: number): boolean {
  return status >= 200 && status < 400;
}

/** An instant vector or a scalar (prometheus.io, HTTP API, "Expression query result formats"). */
interface QueryAnswer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly resultType?: string; readonly result?: readonly unknown[] };
}

function judgePromql(gate: Extract<Gate, { ask: 'promql' }>, { status, body }: Extract<Observation, { of: 'http' }>): Answer {
  const answer = parsed(body);
  if (answer?.status !== 'success') return { holds: false, said: withText(`HTTP ${status}`, answer?.error ?? lastLine(body)) };
  const samples = samplesIn(answer);
  if (samples.length === 0) return { holds: false, said: 'no sample' };
  const failing = samples.find((value) => !COMPARE[gate.comparison](value, gate.value));
  return { holds: failing === undefined, said: `value ${failing ?? samples.join(', ')}` };
}

function parsed(body: string): QueryAnswer | undefined {
  try {
    return JSON.parse(body) as QueryAnswer;
  } catch {
    return undefined;
  }
}

/** Values are text: `[time, "1.5"]`; of a vector one for each series. What is no number compares with nothing. */
function samplesIn({ data }: QueryAnswer): readonly number[] {
  const { resultType, result = [] } = data ?? {};
  if (resultType === 'scalar') return [Number(result[1])];
  return result.map((series) => Number((series as { readonly value?: readonly unknown[] }).value?.[1]));
}

const COMPARE: Readonly<Record<Comparison, (is: number, wanted: number) => boolean>> = {
  '==': (is, wanted) => is === wanted,
  '!=': (is, wanted) => is !== wanted,
  '<=': (is, wanted) => is <= wanted,
  '>=': (is, wanted) => is >= wanted,
  '<': (is, wanted) => is < wanted,
  '>': (is, wanted) => is > wanted,
};

function withText(said: string, text: string): string {
  return text === '' ? said : `${said}: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
