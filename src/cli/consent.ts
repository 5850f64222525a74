import { RefusedError } from '../domain/errors.ts';
import type { ConsentPort, Where } from '../operate/ports.ts';
import type { Plan } from '../plan/plan.ts';
import { renderPlace } from '../render/place.ts';
import { headlineOf } from '../render/plan.ts';
import { styleFor } from '../render/style.ts';
import { inert, safe } from '../render/text.ts';
import { type Answers, decide } from './confirm.ts';
import { askTyped, askYesNo, hasTerminal, type PromptIo } from './prompt.ts';

/** Consent by flags, else by a prompt on the terminal. */
export function consentFrom(answers: Answers, io: PromptIo): ConsentPort {
  let prompted = false;
  return {
    get prompted() {
      return prompted;
    },
    async ask(plan) {
      const decision = decide(plan, answers, hasTerminal(io));
      if (decision.verdict === 'refused') throw new RefusedError(decision.message, decision.hint);
      if (decision.verdict === 'go') return 'yes';
      prompted = true;
      return (await asked(plan, io)) ? 'yes' : 'no';
    },
    // --yes is no answer here: it was typed before anybody knew of the other operator.
    takeOver: (where, question) => {
      if (!hasTerminal(io)) throw new RefusedError(question, 'add --take-over');
      prompted = true;
      return askYesNo(`${place(where)} · StatefulSet ${safe(where.target.name)}\n  ${safe(question)}`, io);
    },
  };
}

function place({ cluster, target }: Where): string {
  return renderPlace(inert(cluster), safe(target.namespace), { style: styleFor(false) });
}

/**
 * The cluster comes first, because the right words on the wrong cluster are the worst mistake; and what is about to happen is said
 * again, because the plan may have scrolled away.
 */
async function asked(plan: Plan, io: PromptIo): Promise<boolean> {
  const { cluster, consent, target } = plan;
  const what = `${place({ cluster, target })}\n  ${safe(headlineOf(plan))}`;
  if (consent.kind === 'yes-no') return askYesNo(`${what}\n  Proceed?`, io);
  await askTyped(consent.name, `${what}\n  Type the name (${safe(consent.name)}) to confirm:`, io);
  return true;
}
