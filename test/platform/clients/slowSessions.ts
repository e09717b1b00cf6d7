import { deepEqual } from 'node:assert/strict';

import type { LabServer } from '../../../src/domain/lab/labEntry';
import { tellingKernelStarts } from '../../../src/domain/lab/kernelStart';
import { remediesOf } from '../../../src/domain/problems/remedies';
import { ProblemError } from '../../../src/domain/problems/problems';
import { sentenceOf } from '../../../src/domain/problems/sentences';
import type { Platform } from '../platform';
import { until } from './faults/scene';
import type { SessionClient } from './sessionClient';

const LEAST_PATIENCE_MS = 30_000;

/** A session that a lab makes and never answers for. */
export class UnansweredSession {
  readonly #platform: Platform;
  readonly #client: SessionClient;
  readonly #told: string[] = [];
  readonly #startedMs = performance.now();
  #outcome: Promise<string> = Promise.resolve('');

  private constructor(platform: Platform, client: SessionClient) {
    this.#platform = platform;
    this.#client = client;
  }

  /** Comes back when the lab was asked; whoever asked waits on. */
  static async begin(platform: Platform, lab: LabServer, client: SessionClient): Promise<UnansweredSession> {
    const path = new URL('api/sessions', lab.address.url).pathname;
    platform.faults.set('heldAnswers', [{ path, method: 'POST', times: 1 }]);
    const mark = platform.requests.mark();
    const begun = new UnansweredSession(platform, client);
    const site = { name: 'this site', host: lab.address.url.host };
    const tell = (error: Error): void => {
      const remedies = error instanceof ProblemError ? remediesOf(error.problem) : [];
      begun.#told.push(error.message, ...remedies);
    };
    begun.#outcome = client.start(tellingKernelStarts(lab.fetch, site, tell)).then(
      () => 'started',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    await until(() =>
      platform.requests.since(mark).some((entry) => entry.method === 'POST' && entry.path === path),
    );
    return begun;
  }

  /** Waits for what the asker is told, and tries again. */
  async prove(): Promise<void> {
    const outcome = await this.#outcome;
    const isPatient = performance.now() - this.#startedMs > LEAST_PATIENCE_MS;
    const before = await this.#client.list();
    const again = await this.#client.start();
    const text = await this.#client.run(again, 'print(6 * 7)');
    const after = await this.#client.list();
    this.#platform.faults.clear('heldAnswers');
    const sentence = sentenceOf({ kind: 'kernelSlow', siteName: 'this site' });
    deepEqual(
      {
        outcome,
        told: this.#told,
        isPatient,
        isFound: before.some(({ id }) => id === again.id),
        more: after.length - before.length,
        text,
      },
      {
        outcome: sentence,
        told: [sentence, 'diagnose'],
        isPatient: true,
        isFound: true,
        more: 0,
        text: '42\n',
      },
    );
  }
}
