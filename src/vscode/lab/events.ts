import { redact } from '../../common/redact';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import { traitsOf } from '../../domain/personality/traits';
import { sentenceOf } from '../../domain/problems/sentences';

/** Everything that happened while the lab came up, one line each, without secrets. */
export function eventsText({ account, lab }: Pick<Desk, 'account' | 'lab'>): string {
  const { state } = lab;
  const { labNoun } = traitsOf(account.site);
  const lines = lab.lastSteps.map(
    (step) => `${String(step.percent).padStart(3)} %  ${step.severity.padEnd(7)}  ${step.message}`,
  );
  const end = state.kind === 'failed' ? ['', sentenceOf(state.problem, account.site)] : [];
  const nothing =
    state.kind === 'starting' ? 'Nothing yet.' : `No start of this ${labNoun} was seen in this window.`;
  const body = lines.length > 0 ? lines : [nothing];
  return redact([`Events of the ${labNoun} of ${accountLabel(account)}`, '', ...body, ...end, ''].join('\n'));
}
