import type { Plan } from '../plan/plan.ts';

const NO_TERMINAL = 'confirmation required, but stdin is not a terminal';

/** What the flags say: `--yes=false` asks even where --yes would be the habit. */
export interface Answers {
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
}

export type Decision =
  | { readonly verdict: 'go' }
  | { readonly verdict: 'ask' }
  | { readonly verdict: 'refused'; readonly message: string; readonly hint: string };

/**
 * Whether a plan goes ahead by its flags, needs a question, or is refused (product, "Confirmation"). `--yes` answers
 * yes/no questions only; what can lose data or availability needs its name, typed or by --confirm.
 *
 * @param terminal whether there is somebody to ask; piped input never answers.
 */
export function decide(plan: Pick<Plan, 'consent' | 'digest' | 'target'>, answers: Answers, terminal: boolean): Decision {
  if (answers.confirm !== undefined) return byConfirmation(plan, answers.confirm);
  if (answers.yes === true && plan.consent.kind === 'yes-no') return { verdict: 'go' };
  if (terminal) return { verdict: 'ask' };
  const { name } = plan.target;
  if (plan.consent.kind === 'typed') {
    const message = answers.yes === true ? `--yes is not sufficient here; ${name} must be confirmed by name` : NO_TERMINAL;
    return { verdict: 'refused', message, hint: `add --confirm ${plan.consent.name}, or --confirm plan:${plan.digest}` };
  }
  return {
    verdict: 'refused',
    message: NO_TERMINAL,
    hint: `add --yes, or --confirm plan:${plan.digest}`,
  };
}

function byConfirmation({ consent, digest, target }: Pick<Plan, 'consent' | 'digest' | 'target'>, confirm: string): Decision {
  if (confirm.startsWith('plan:')) {
    const confirmed = confirm.slice('plan:'.length);
    if (confirmed.toLowerCase() === digest) return { verdict: 'go' };
    if (!/^[0-9a-f]{16}$/i.test(confirmed))
      return {
        verdict: 'refused',
        message: `invalid plan digest "${confirmed}": expected 16 hexadecimal characters`,
        hint: `the digest of this plan is plan:${digest}`,
      };
    return {
      verdict: 'refused',
      message: `--confirm names plan:${confirmed}, but this is plan:${digest}`,
      hint: 'the cluster has changed since that plan; run --dry-run again',
    };
  }
  const name = consent.kind === 'typed' ? consent.name : target.name;
  const whole = target.namespace === '' ? name : `${target.namespace}/${name}`;
  if (confirm === name || confirm === whole) return { verdict: 'go' };
  return {
    verdict: 'refused',
    message: `--confirm names ${confirm}, but this is ${whole}`,
    hint: `to confirm: --confirm ${whole}`,
  };
}
