import { stopTests } from './stop.ts';
import { stoppedSubjects } from './subject.ts';

stopTests(stoppedSubjects.restore, ['--yes'], 4);
