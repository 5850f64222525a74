import { isObserved } from '../../domain/controller.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HOLDS, type Judgement } from './judgement.ts';

export type SetCondition = Extract<Condition, { is: 'set-observed' | 'set-gone' | 'set-present' }>;

export function judgeSet(condition: SetCondition, reading: Reading<StatefulSet>): Judgement {
  if (reading.state === 'unknown') return fails(reading.message);
  if (reading.state === 'absent') return condition.is === 'set-gone' ? HOLDS : fails('the set is not there');
  const set = reading.value;
  const isAnother = 'uid' in condition && condition.uid !== undefined && set.metadata.uid !== condition.uid;
  if (isAnother) return condition.is === 'set-gone' ? HOLDS : fails('the set is another object now');
  return judgePresent(condition, set);
}

function judgePresent(condition: SetCondition, set: StatefulSet): Judgement {
  switch (condition.is) {
    case 'set-gone':
      return fails(`StatefulSet ${set.metadata.name} is still there`);
    case 'set-present':
      return HOLDS;
    case 'set-observed':
      return isObserved(set) ? HOLDS : fails('the controller has not seen the change yet');
  }
}
