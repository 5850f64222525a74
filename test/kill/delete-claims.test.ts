import { killTests } from './kill.ts';
import { subjects } from './subject.ts';

killTests(subjects['delete PVCs']);
