/** What happens to a lab, as the controller tells it. */
export interface LabEvent {
  readonly type: 'info' | 'error' | 'failed' | 'complete';
  readonly message: string;
  readonly progress?: number;
}

/** The events of one spawn or stop: kept from the start, so that late and returning listeners hear all. */
export class LabEvents {
  readonly #events: LabEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  get all(): readonly LabEvent[] {
    return this.#events;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(event: LabEvent): void {
    this.#events.push(event);
    this.#tell();
  }

  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  /** Calls back at each event and at the end, until the returned function is called. */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** One event on the wire, with the line ends of the server that sends these. */
export function printEvent(event: LabEvent): string {
  const { type, message, progress } = event;
  const data = JSON.stringify(progress === undefined ? { message } : { message, progress });
  return `event: ${type}\r\ndata: ${data}\r\n\r\n`;
}
