import type { EventSink, OperationEvent } from '../plan/events.ts';
import type { Interrupt } from './interrupt.ts';

/**
 * Joins an operation's events and the signals: while it runs, a signal only asks it to stop; during a step that cannot
 * be interrupted not even that; and what a signal does is told like any other event.
 *
 * @param serverNow the time for events, milliseconds since the epoch
 */
export function stoppable(sink: EventSink, interrupt: Interrupt, serverNow: () => number): EventSink {
  const ends = { operation: nothing, step: nothing };
  let uninterruptible: ReadonlySet<string> = new Set();
  const silence = interrupt.onStop((by, when) => {
    const type = when === 'now' ? 'stopping' : 'stop-deferred';
    sink.emit({ type, message: words(by, when), at: serverNow() });
  });
  const restore = interrupt.beforeLeaving(() => sink.close());
  const follow = (event: OperationEvent): void => {
    if (event.type === 'operation-started') {
      ends.operation = interrupt.attend();
      uninterruptible = new Set(event.plan.steps.filter((step) => step.uninterruptible).map(({ id }) => id));
    }
    if (event.type === 'step-started' && uninterruptible.has(event.id)) ends.step = interrupt.enterSection();
    if (event.type === 'step-finished' || event.type === 'step-failed') ends.step();
  };
  return {
    emit(event) {
      follow(event);
      sink.emit(event);
    },
    close() {
      for (const end of [ends.step, ends.operation, silence, restore]) end();
      sink.close();
    },
  };
}

function nothing(): void {}

function words(by: 'interrupt' | 'terminate', when: 'now' | 'deferred'): string {
  if (when === 'deferred') return 'this step cannot be interrupted; stopping when it is done';
  return by === 'interrupt' ? 'stopping; Ctrl-C again leaves at once' : 'stopping';
}
