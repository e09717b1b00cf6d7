import fc from 'fast-check';
import { subject } from './subject';

/** Stand for code with something wrong, to see that it is found. */
export const SUBJECTS = [
  subject('sound', fc.nat(), () => undefined),
  subject('wrong for large numbers', fc.nat(), (number) => {
    if (number > 1000) throw new Error('too large');
  }),
  subject('endless', fc.nat(), () => {
    for (;;);
  }),
  subject('greedy', fc.nat(), () => {
    for (const kept: number[][] = []; ;) kept.push(Array<number>(100_000).fill(1));
  }),
  subject('a change of all objects', fc.nat(), () => {
    Object.assign(Object.prototype, { polluted: true });
  }),
];
