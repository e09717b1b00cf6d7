import type { FuzzSubject } from '../../fuzz/subject';
import { FORM_SUBJECTS } from './formSubjects';
import { FRAME_SUBJECTS } from './frameSubjects';
import { HEADER_SUBJECTS } from './headerSubjects';
import { MODEL_SUBJECTS } from './modelSubjects';
import { REDIRECT_SUBJECTS } from './redirectSubjects';
import { SSE_SUBJECTS } from './sseSubjects';

/** Everything that reads what servers say on the way to a kernel. */
export const SUBJECTS: readonly FuzzSubject[] = [
  ...SSE_SUBJECTS,
  ...HEADER_SUBJECTS,
  ...REDIRECT_SUBJECTS,
  ...FRAME_SUBJECTS,
  ...MODEL_SUBJECTS,
  ...FORM_SUBJECTS,
];
