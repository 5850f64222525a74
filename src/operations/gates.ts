import Type, { type Static } from 'typebox';
import { DNS_SERVER_FORMS, parseDnsServer } from '../domain/dns-server.ts';
import { UsageError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { GateAction } from '../plan/action.ts';
import { GATE_FORMS, type Gate, gateInWords, HOOK_FORMS, parseGate, parseHook } from '../plan/gate.ts';
import type { Step } from '../plan/plan.ts';
import { MILLISECONDS } from './timeouts.ts';

/** What operations that go Pod by Pod may be asked to look at, or to do, in between. */
export const gateOptions = {
  gate: Type.Optional(Type.Array(Type.String(), { description: `Asked after each Pod, until well: ${GATE_FORMS}` })),
  before: Type.Optional(Type.Array(Type.String(), { description: `Runs once before each Pod is deleted: ${HOOK_FORMS}` })),
  prometheus: Type.Optional(Type.String({ description: 'NAMESPACE/SERVICE[:PORT] of the Prometheus that promql: asks' })),
  dnsServer: Type.Optional(Type.String({ description: 'HOST[:PORT] of the DNS server that srv asks' })),
  gateTimeout: Type.Optional(Type.String({ pattern: MILLISECONDS, description: 'How long a gate is asked; default 5 minutes' })),
};

const schema = Type.Object(gateOptions);
export type GateOptions = Readonly<Static<typeof schema>>;

export interface Gates {
  readonly gates: readonly Gate[];
  readonly hooks: readonly Gate[];
  readonly timeoutMs: number;
}

const DEFAULT_MS = 5 * 60_000;

/** @throws UsageError for what is neither a gate nor a hook, with what would be */
export function gatesIn({ gate = [], before = [], prometheus, dnsServer, gateTimeout }: GateOptions): Gates {
  if (dnsServer !== undefined && parseDnsServer(dnsServer) === undefined)
    throw new UsageError(`invalid value "${dnsServer}" for --dns-server`, `write ${DNS_SERVER_FORMS}`);
  return {
    gates: gate.map((text) => parsed(text, 'gate', parseGate(text, prometheus, dnsServer), GATE_FORMS)),
    hooks: before.map((text) => parsed(text, 'before', parseHook(text), HOOK_FORMS)),
    timeoutMs: gateTimeout === undefined ? DEFAULT_MS : Number.parseInt(gateTimeout, 10),
  };
}

function parsed(text: string, flag: string, gate: Gate | undefined, forms: string): Gate {
  if (gate !== undefined) return gate;
  const hint = text.startsWith('promql:') ? 'write promql:QUERY OP VALUE, and --prometheus NAMESPACE/SERVICE:PORT' : `write ${forms}`;
  throw new UsageError(`invalid value "${text}" for --${flag}`, hint);
}

/** @throws UsageError for a gate that looks Pods up, where the StatefulSet names no Service that would give them names */
export function checkNames({ gates }: Gates, { metadata, spec }: StatefulSet): void {
  if (gates.some(({ ask }) => ask === 'srv') && (spec.serviceName ?? '') === '')
    throw new UsageError(
      `StatefulSet ${metadata.name} names no Service (spec.serviceName), so no gate srv can find its Pods`,
      'leave it out',
    );
}

/** One step a gate, about this Pod, in the order in which they were given. */
export function gateSteps({ gates, timeoutMs }: Gates, pod: string): readonly Step[] {
  return gates.map((gate, index) => ({
    ...asking({ do: 'gate', gate, pod }, index, `gate ${gateInWords(gate)}, for Pod ${pod}`),
    timeoutMs,
  }));
}

/** One step a hook, before this Pod goes. */
export function hookSteps({ hooks, timeoutMs }: Gates, pod: string): readonly Step[] {
  return hooks.map((gate, index) => ({
    ...asking({ do: 'hook', gate, pod }, index, `run ${gateInWords(gate)}, for Pod ${pod}`),
    timeoutMs,
  }));
}

function asking(action: GateAction, index: number, title: string): Omit<Step, 'timeoutMs'> {
  return { id: `${action.do}/${action.pod}/${index + 1}`, title, action, preconditions: [], verify: [] };
}
