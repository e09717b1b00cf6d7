import fc from 'fast-check';

/** Something that is read from the network, with what has to hold whatever comes. */
export interface FuzzSubject {
  readonly name: string;
  /** Puts generated inputs to it; undefined when all went well, else words with the seed that brings it back. */
  check(seed: number, inputs: number): Promise<string | undefined>;
}

const LONGEST_WORDS = 3000;

export function subject<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
): FuzzSubject {
  const builtIn = Object.getOwnPropertyNames(Object.prototype).length;
  const property = fc.asyncProperty(inputs, async (input) => {
    await holds(input);
    if (Object.getOwnPropertyNames(Object.prototype).length !== builtIn)
      throw new Error('it changed all objects');
  });
  return {
    name,
    check: async (seed, numRuns) => {
      const details = await fc.check(property, { seed, numRuns });
      const report = fc.defaultReportMessage(details);
      return report && `${String(details.errorInstance)}\n${report.slice(0, LONGEST_WORDS)}`;
    },
  };
}
