import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { REST_AFTER_MS, type KernelWork } from './kernelWork';
import { addressOf, methodOf, type LabFetch } from './clientCall';

/** What a notebook's client asks for every few seconds, for as long as it has a session. */
const POLLED = /\/api\/(?:kernels|sessions|kernelspecs)\/?$/;

interface Answer {
  readonly text: string;
  readonly headers: Headers;
}

/**
 * Lets a lab be idle whose kernels nobody uses: each request counts as activity at the hub's proxy, so that a notebook
 * left open would keep its lab from ever being removed, against the rules of the site.
 *
 * When no kernel has been used for an hour, what clients ask for again and again is answered as the lab answered last.
 * It is asked again as soon as a kernel is used, somebody looks for kernels, or anything else is asked.
 */
export class RestingPolls {
  readonly #work: Pick<KernelWork, 'quietMs'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #answers = new Map<string, Answer>();
  #wokenMs: number;
  #isResting = false;

  constructor(work: Pick<KernelWork, 'quietMs'>, clock: Clock, log: Log) {
    this.#work = work;
    this.#clock = clock;
    this.#log = log;
    this.#wokenMs = clock.nowMs();
  }

  /** To be called when somebody wants to know how things stand. */
  wake(): void {
    this.#wokenMs = this.#clock.nowMs();
  }

  guard(fetch: LabFetch): LabFetch {
    return async (input, options = {}) => {
      const { host, pathname } = addressOf(input);
      if (methodOf(input, options) !== 'GET' || !POLLED.test(pathname)) {
        this.wake();
        return fetch(input, options);
      }
      const key = `${host}${pathname}`;
      const last = this.#answers.get(key);
      if (this.#rests() && last) return new Response(last.text, { headers: last.headers });
      const response = await fetch(input, options);
      if (response.status !== 200) return response;
      const { headers } = response;
      const text = await response.text();
      this.#answers.set(key, { text, headers });
      return new Response(text, { headers });
    };
  }

  #rests(): boolean {
    const rests = Math.min(this.#work.quietMs, this.#clock.nowMs() - this.#wokenMs) >= REST_AFTER_MS;
    if (rests && !this.#isResting) this.#log.info('No kernel was used for an hour: the lab is left alone');
    return (this.#isResting = rests);
  }
}
