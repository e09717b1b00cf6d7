import type { FuzzSubject } from './subject';

export interface RoundAsked {
  readonly subject: string;
  readonly seed: number;
  readonly inputs: number;
}

/** Sent first, when rounds may be asked for. */
const READY = 'ready';

/** Of a round: what went wrong, if something did. */
export interface RoundDone {
  readonly violation?: string | undefined;
}

/** A process that answers each round that it is asked for; its argument is the file that exports `SUBJECTS`. */
async function serve(): Promise<void> {
  const { SUBJECTS } = (await import(process.argv[2] ?? '')) as { SUBJECTS: readonly FuzzSubject[] };
  process.on('message', ({ subject: name, seed, inputs }: RoundAsked) => {
    const subject = SUBJECTS.find((one) => one.name === name);
    const done = subject ? subject.check(seed, inputs) : Promise.resolve(`there is no ${name}`);
    const tell = (violation: string | undefined): void => {
      process.send?.({ violation } satisfies RoundDone);
    };
    done.then(tell, (error: unknown) => tell(String(error)));
  });
  process.send?.(READY);
}

process.on('disconnect', () => process.exit());
void serve();
