import type { RunningSession } from '../../protocol/jupyter/sessions';
import { tagOf } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { describeDuration } from '../accounts/tokenLife';
import { kernelsRow } from './kernelRows';
import { fact, problemRow, type Known, type Row } from './row';

/** What is known of a lab, as one row with its facts below. */
export function labRow(
  accountId: string,
  lab: LabState,
  sessions: Known<readonly RunningSession[]>,
  nowMs: number,
): Row {
  const id = `${accountId}/lab`;
  const base = { id, label: 'Lab', isOpen: true };
  switch (lab.kind) {
    case 'unknown':
      return {
        ...base,
        detail: lab.problem ? 'not known' : 'checking…',
        icon: 'question',
        context: 'rsp.lab.unknown',
        children: lab.problem ? [problemRow(id, lab.problem)] : [],
      };
    case 'none':
      return { ...base, detail: 'not running', icon: 'circle-outline', context: 'rsp.lab.none' };
    case 'stopping':
      return { ...base, detail: 'stopping…', icon: 'loading~spin', context: 'rsp.lab.stopping' };
    case 'starting': {
      const last = lab.steps.at(-1);
      const since = describeDuration(nowMs - lab.sinceMs);
      return {
        ...base,
        detail: last ? `starting, ${last.percent} %` : 'starting…',
        icon: 'loading~spin',
        context: 'rsp.lab.starting',
        children: [...fact(id, 'For', since), ...fact(id, 'Last event', last?.message)],
      };
    }
    case 'failed':
      return {
        ...base,
        detail: 'failed to start',
        icon: 'error',
        context: 'rsp.lab.failed',
        children: [problemRow(id, lab.problem)],
      };
    case 'running': {
      const { details } = lab;
      const limits = details?.limits;
      return {
        ...base,
        detail: details?.imageReference ? `running ${tagOf(details.imageReference)}` : 'running',
        tooltip: details?.imageReference,
        icon: 'vm-running',
        context: 'rsp.lab.running',
        children: [
          ...fact(
            id,
            'Image',
            details?.imageReference ? tagOf(details.imageReference) : 'not known',
            details?.imageReference,
          ),
          ...fact(id, 'Size', details?.size ?? 'not known'),
          ...fact(
            id,
            'Limits',
            limits ? `${limits.cpuCores} CPU, ${toGib(limits.memoryBytes)} GiB memory` : 'not known',
          ),
          ...fact(id, 'Started', startedText(lab.address.startedAt, nowMs)),
          ...(details?.isDebug === true ? fact(id, 'Debug logs', 'on') : []),
          kernelsRow(id, sessions, nowMs),
        ],
      };
    }
  }
}

function startedText(startedAt: string, nowMs: number): string {
  const ms = Date.parse(startedAt);
  return Number.isNaN(ms) ? 'not known' : `${describeDuration(nowMs - ms)} ago`;
}

function toGib(bytes: number): number {
  return Math.round((bytes / 1024 ** 3) * 10) / 10;
}
