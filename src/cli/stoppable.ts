import { deferredInWords } from '../execute/section.ts';
import type { EventSink, OperationEvent } from '../plan/events.ts';
import type { Plan } from '../plan/plan.ts';
import type { Interrupt } from './interrupt.ts';

/** @param done ids of the steps that had ended, those of an earlier run too */
export type Leaving = (plan: Plan, done: readonly string[]) => void;

/**
 * Joins an operation's events and the signals: while it runs, a signal only asks it to stop; and what a signal does is told
 * like any other event.
 *
 * @param serverNow the time for events, milliseconds since the epoch
 * @param leaving told when the process is left at once with the operation half done, after the terminal was given back
 */
export function stoppable(sink: EventSink, interrupt: Interrupt, serverNow: () => number, leaving: Leaving): EventSink {
  let end = nothing;
  let underWay: { readonly plan: Plan; readonly done: string[] } | undefined;
  const silence = interrupt.onStop((by, when, leftMs) => {
    const type = when === 'now' ? 'stopping' : 'stop-deferred';
    sink.emit({ type, message: words(by, when, leftMs), at: serverNow() });
  });
  const restore = interrupt.beforeLeaving(() => {
    sink.close();
    if (underWay !== undefined) leaving(underWay.plan, underWay.done);
  });
  const follow = (event: OperationEvent): void => {
    if (event.type === 'operation-started') {
      end = interrupt.attend();
      underWay = { plan: event.plan, done: doneBefore(event.plan) };
    }
    if (event.type === 'step-finished') underWay?.done.push(event.id);
    if (event.type === 'operation-finished') underWay = undefined;
  };
  return {
    emit(event) {
      follow(event);
      sink.emit(event);
    },
    close() {
      for (const undo of [end, silence, restore]) undo();
      sink.close();
    },
  };
}

function doneBefore({ steps, from }: Plan): string[] {
  const first = steps.findIndex(({ id }) => id === from);
  return steps.slice(0, Math.max(0, first)).map(({ id }) => id);
}

function nothing(): void {}

function words(by: 'interrupt' | 'terminate', when: 'now' | 'deferred', leftMs: number): string {
  if (when === 'deferred') return deferredInWords(leftMs);
  return by === 'interrupt' ? 'stopping; press Ctrl-C again to exit immediately' : 'stopping';
}
