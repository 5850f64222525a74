import { stopTests } from './stop.ts';
import { stoppedSubjects } from './subject.ts';

stopTests(stoppedSubjects.delete, ['--confirm', 'web'], 4);
