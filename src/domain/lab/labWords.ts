import type { RunningSession } from '../../protocol/jupyter/sessions';

/** What is lost when a lab goes. */
export function lossWords(sessions: readonly RunningSession[] | undefined): string {
  const names = (sessions ?? []).map((session) => session.name);
  return names.length > 0
    ? `These lose their variables: ${names.join(', ')}.`
    : 'Variables of its kernels are lost.';
}

/** A moment of today or tomorrow as a clock shows it, such as `18:05`. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
