import type { RunningSession } from '../../protocol/jupyter/sessions';
import { describeDuration } from '../accounts/tokenLife';
import { part, type Known, type Row } from './row';

/** The kernels of a lab with the notebooks they work for. */
export function kernelsRow(labId: string, sessions: Known<readonly RunningSession[]>, nowMs: number): Row {
  const id = `${labId}/kernels`;
  return {
    id,
    label: 'Kernels',
    detail: sessions.kind === 'known' ? String(sessions.value.length) : undefined,
    icon: 'server-process',
    children: part(id, sessions, (all) =>
      all.length === 0 ? [{ id: `${id}/none`, label: 'none' }] : all.map((one) => kernelRow(id, one, nowMs)),
    ),
  };
}

function kernelRow(parent: string, session: RunningSession, nowMs: number): Row {
  const { connections, kernelId, kernelName } = session;
  const isBusy = session.state === 'busy';
  // Labs with jupyter-server-documents say 0 whoever is connected, so 0 tells nothing.
  const clients =
    connections === undefined || connections === 0
      ? undefined
      : connections === 1
        ? '1 connection'
        : `${connections} connections`;
  return {
    id: `${parent}/${session.id}`,
    label: session.name,
    detail: [kernelName, stateText(session, nowMs), clients].filter(Boolean).join(', '),
    icon: isBusy ? 'sync' : 'circle-filled',
    context: kernelId === undefined ? 'rsp.fact' : isBusy ? 'rsp.kernel.busy' : 'rsp.kernel.idle',
    kernel: kernelId === undefined ? undefined : { id: kernelId, sessionId: session.id },
  };
}

function stateText({ state, lastActivityMs }: RunningSession, nowMs: number): string {
  if (state !== 'idle' || lastActivityMs === undefined) return state;
  const idleMs = nowMs - lastActivityMs;
  return idleMs < 60_000 ? 'idle' : `idle for ${describeDuration(idleMs)}`;
}
