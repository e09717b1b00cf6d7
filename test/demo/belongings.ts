/** What was started and has to be stopped, last in first out. */
export class Belongings {
  readonly #stops: (() => Promise<void>)[] = [];

  add<Thing extends { stop(): Promise<void> }>(thing: Thing): Thing {
    this.#stops.push(() => thing.stop());
    return thing;
  }

  /** Stops everything, also when something of it cannot be stopped; that is thrown at the end. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      await stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped.');
  }
}
