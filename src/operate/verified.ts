import { memberName } from '../domain/naming.ts';
import { names } from '../findings/draft.ts';
import type { Condition } from '../plan/condition.ts';
import type { Plan, Step } from '../plan/plan.ts';

type Is = Condition['is'];
type Of<K extends Is> = Extract<Condition, { readonly is: K }>;

/**
 * What a plan that was carried out has proved, one sentence each, from the conditions of its own steps. Only of those
 * that this run came to: what an earlier run had verified may be hours old.
 */
export function verifiedInWords(plan: Plan): readonly string[] {
  const steps = carriedOut(plan);
  const conditions = steps.flatMap(conditionsOf);
  return [
    ...readyInWords(plan, steps),
    ...amountInWords('member', goneMembers(conditions), 'gone'),
    ...amountInWords('claim', namesOf(allOf(conditions, 'claim-gone')), 'gone'),
    ...lastOfEach(conditions).flatMap(conditionInWords),
  ];
}

function carriedOut({ steps, from }: Plan): readonly Step[] {
  const first = steps.findIndex(({ id }) => id === from);
  return steps.slice(Math.max(0, first));
}

function conditionsOf({ verify, preconditions }: Step): readonly Condition[] {
  return [...verify, ...preconditions];
}

function allOf<K extends Is>(conditions: readonly Condition[], is: K): readonly Of<K>[] {
  return conditions.filter((condition): condition is Of<K> => condition.is === is);
}

/** A condition that several steps ask for was true last where it was asked for last. */
function lastOfEach(conditions: readonly Condition[]): readonly Condition[] {
  return [...new Map(conditions.map((condition) => [condition.is, condition])).values()];
}

/**
 * Who is ready, and who that is of the set: those that came (each step up proves its own), those that stay (the last step
 * down proves all of them), or all that there are.
 */
function readyInWords({ target }: Plan, steps: readonly Step[]): readonly string[] {
  const readyIn = (prefix: string): readonly (readonly string[])[] =>
    steps
      .filter(({ id }) => id.startsWith(prefix))
      .flatMap((step) => allOf(conditionsOf(step), 'members-ready'))
      .map(({ ordinals }) => ordinals.map((ordinal) => memberName(target.name, ordinal)));
  return [
    ...amountInWords('new member', readyIn('scale-up/').flat(), 'ready'),
    ...wholeInWords('the', 'remaining member', readyIn('scale-down/').at(-1) ?? []),
    ...wholeInWords('all', 'member', readyIn('members').at(-1) ?? []),
  ];
}

function goneMembers(conditions: readonly Condition[]): readonly string[] {
  return [...new Set(namesOf([...allOf(conditions, 'no-pod')]))];
}

const namesOf = (named: readonly { readonly name: string }[]): readonly string[] => named.map(({ name }) => name);

/** `2 new members are ready: web-3, web-4`: of a run that went on, not all that there were; nothing about nobody. */
function amountInWords(noun: string, who: readonly string[], what: string): readonly string[] {
  return who.length === 0 ? [] : [`${amount(who.length, `${noun} is`, `${noun}s are`)} ${what}: ${names(who)}`];
}

/** `the 3 remaining members are ready: …`: every one of them. */
function wholeInWords(all: 'the' | 'all', noun: string, who: readonly string[]): readonly string[] {
  if (who.length === 0) return [];
  return [`${who.length === 1 ? `the ${noun} is` : `${all} ${who.length} ${noun}s are`} ready: ${names(who)}`];
}

function conditionInWords(condition: Condition): readonly string[] {
  switch (condition.is) {
    case 'claims-unchanged':
      return condition.claims.length === 0
        ? []
        : [
            `${amount(condition.claims.length, 'claim is', 'claims are')} the same ${condition.claims.length === 1 ? 'object' : 'objects'} as before, in the same phase`,
          ];
    case 'claims-unowned':
      return condition.claims.length === 0 ? [] : ['no claim has an owner whose end would destroy it'];
    case 'set-gone':
      return ['the set is gone, what it owned is left'];
    case 'pods-adopted':
      return [`${amount(condition.pods.length, 'running Pod was', 'running Pods were')} adopted, not restarted`];
    case 'members-ready':
    case 'no-pod':
    case 'claim-gone':
    case 'claim-unused':
    case 'set-observed':
    case 'set-present':
    case 'set-is':
    case 'set-absent':
    case 'no-members':
      return [];
  }
}

const amount = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
