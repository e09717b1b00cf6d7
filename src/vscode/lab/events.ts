import { redact } from '../../common/redact';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import { sentenceOf } from '../../domain/problems/sentences';

/** Everything that happened while the lab came up, one line each, without secrets. */
export function eventsText({ account, lab }: Pick<Desk, 'account' | 'lab'>): string {
  const { state } = lab;
  const lines = lab.lastSteps.map(
    (step) => `${String(step.percent).padStart(3)} %  ${step.severity.padEnd(7)}  ${step.message}`,
  );
  const end = state.kind === 'failed' ? ['', sentenceOf(state.problem)] : [];
  const nothing =
    state.kind === 'starting' ? 'Nothing yet.' : 'No start of this lab was seen in this window.';
  const body = lines.length > 0 ? lines : [nothing];
  return redact([`Events of the lab of ${accountLabel(account)}`, '', ...body, ...end, ''].join('\n'));
}
