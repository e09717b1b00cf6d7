import type { RunningSession } from '../../protocol/jupyter/sessions';
import { folderInWords } from '../notebooks/workingDirectory';
import { describeDuration } from '../accounts/tokenLife';
import { traitsOf } from '../personality/traits';
import type { LabFacts } from './labFacts';
import { noneRow, part, type Row } from './row';
import { tip, type TipFact } from './tip';
import { counted, momentAndAge } from './words';

/** The kernels of a lab with the notebooks they work for. */
export function kernelsRow(
  labId: string,
  { sessions, account: { site } }: Pick<LabFacts, 'account' | 'sessions'>,
  nowMs: number,
): Row {
  const { labNoun } = traitsOf(site);
  const id = `${labId}/kernels`;
  const all = sessions.kind === 'known' ? sessions.value : undefined;
  const busy = all?.filter(isBusy).length ?? 0;
  return {
    id,
    label: 'Kernels',
    detail: all && String(all.length),
    spoken: all && `${counted(all.length, 'kernel')}, ${busy} busy`,
    tip: tip(`Kernels of the ${labNoun}`, [
      ['Running', all && String(all.length)],
      ['Busy', all && String(busy)],
    ]),
    icon: 'server-process',
    context: 'rsp.section',
    children: part(
      id,
      sessions,
      (known) =>
        known.length === 0 ? [noneRow(id)] : known.map((one) => kernelRow(id, one, labNoun, nowMs)),
      site,
    ),
  };
}

function kernelRow(parent: string, session: RunningSession, labNoun: string, nowMs: number): Row {
  const { kernelId, kernelName } = session;
  const clients = clientsOf(session);
  return {
    id: `${parent}/${session.id}`,
    label: session.name,
    detail: [stateText(session, nowMs), kernelName, folderOf(session), clients].filter(Boolean).join(', '),
    tip: tip(session.name, [
      ['State', session.state],
      ['Last activity', momentAndAge(session.lastActivityMs, nowMs)],
      ['Kernel', kernelName],
      ['Clients', clients],
      ...placeOf(session, labNoun),
      ['Kernel ID', kernelId],
    ]),
    icon: isBusy(session) ? 'sync' : 'circle-filled',
    context: kernelId === undefined ? 'rsp.fact' : isBusy(session) ? 'rsp.kernel.busy' : 'rsp.kernel.idle',
    kernel: kernelId === undefined ? undefined : { id: kernelId, sessionId: session.id },
  };
}

/** The Jupyter extension makes up a path for a notebook that lies on somebody's computer, which tells nobody anything. */
function placeOf({ path, name }: RunningSession, labNoun: string): readonly TipFact[] {
  if (path?.includes('-jvsc-') === true)
    return [
      ['Opened in', 'VS Code'],
      ['Started in', folderInWords(path)],
    ];
  return [[`Path in the ${labNoun}`, path === name ? undefined : path]];
}

/** Where the kernel of a notebook that lies elsewhere started, when that is not home. */
function folderOf({ path }: RunningSession): string | undefined {
  return path?.includes('-jvsc-') === true && path.includes('/') ? `in ${folderInWords(path)}` : undefined;
}

function isBusy({ state }: RunningSession): boolean {
  return state === 'busy';
}

/** Labs with jupyter-server-documents say 0 whoever is connected, so 0 tells nothing. */
function clientsOf({ connections }: RunningSession): string | undefined {
  return connections === undefined || connections === 0 ? undefined : counted(connections, 'connection');
}

function stateText({ state, lastActivityMs }: RunningSession, nowMs: number): string {
  if (state !== 'idle' || lastActivityMs === undefined) return state;
  const idleMs = nowMs - lastActivityMs;
  return idleMs < 60_000 ? 'idle' : `idle for ${describeDuration(idleMs)}`;
}
