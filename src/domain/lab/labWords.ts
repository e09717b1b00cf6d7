import type { RunningSession } from '../../protocol/jupyter/sessions';

/** What is lost when a lab goes. */
export function lossWords(sessions: readonly RunningSession[] | undefined): string {
  const names = (sessions ?? []).map((session) => session.name);
  return names.length > 0
    ? `These lose their variables: ${names.join(', ')}.`
    : 'Variables of its kernels are lost.';
}
