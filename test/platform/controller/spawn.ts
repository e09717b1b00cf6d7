import type { Faults } from '../faults';
import type { Lab } from './lab';
import type { LabEvents } from './labEvents';
import type { LabStart, LabStarter } from './labStarter';
import type { Pacer } from './pacer';

const SPAWN_TIMEOUT_S = 600;
/** Nothing listens here: the hub asks for as long as it allows a lab to take, then gives up. */
export const DEAD_URL = 'http://127.0.0.1:1';

/** What a spawn is made with. */
export interface SpawnParts {
  readonly faults: Faults;
  readonly pacer: Pacer;
  readonly starter: LabStarter;
}

/** Brings a lab up and tells of it as the controller does. Never throws: a failure becomes the lab's state. */
export async function spawn(
  lab: Lab,
  previous: Lab | undefined,
  start: LabStart,
  parts: SpawnParts,
  signal: AbortSignal,
): Promise<void> {
  const { events } = lab;
  try {
    await bringUp(lab, previous, start, parts, signal);
  } catch (error) {
    lab.status = 'failed';
    if (signal.aborted) {
      events.put({ type: 'failed', message: 'Operation cancelled' });
    } else {
      events.put({ type: 'error', message: error instanceof Error ? error.message : String(error) });
      events.put({ type: 'failed', message: 'Lab spawn failed' });
    }
  } finally {
    events.close();
  }
}

async function bringUp(
  lab: Lab,
  previous: Lab | undefined,
  start: LabStart,
  parts: SpawnParts,
  signal: AbortSignal,
): Promise<void> {
  const { username } = start;
  const { events } = lab;
  const tell = async (progress: number, message: string) => {
    await parts.pacer.next(signal);
    events.put({ type: 'info', message, progress });
  };
  await tell(1, `Starting lab creation for ${username}`);
  if (previous !== undefined) {
    await tell(2, `Deleting existing failed lab for ${username}`);
    await previous.process?.stop();
    tellDeletion(username, events, 5, 20);
  }
  await tell(30, 'Created Kubernetes objects for user lab');
  let progress = 35;
  for (const message of podEvents(lab, username)) {
    await tell(progress, message);
    progress = Math.trunc(progress + (75 - progress) / 3);
  }
  await parts.pacer.next(signal);
  if (parts.faults.get('spawnTimesOut')) throw new Error(`Lab spawn timed out after ${SPAWN_TIMEOUT_S}.0`);
  const failure = parts.faults.get('spawnFails');
  if (failure !== undefined) throw new Error(failure);
  await startProcess(lab, start, parts, signal);
  events.put({ type: 'complete', message: `Lab Kubernetes pod started for ${username}` });
}

async function startProcess(
  lab: Lab,
  start: LabStart,
  parts: SpawnParts,
  signal: AbortSignal,
): Promise<void> {
  const abnormal = parts.faults.get('labAbnormal');
  const env = { ...start.env, ...(abnormal !== undefined && toAbnormalStart(abnormal)) };
  const process = await parts.starter({ ...start, env });
  if (signal.aborted) {
    await process.stop();
    signal.throwIfAborted();
  }
  lab.process = process;
  lab.internalUrl = parts.faults.get('labUnreachable') ? DEAD_URL : process.url;
  lab.status = 'running';
  void process.exited.then(() => {
    if (lab.process === process && lab.status === 'running') lab.status = 'terminated';
  });
}

/** What a lab finds in its environment that could not use its home. */
function toAbnormalStart(code: string): Record<string, string> {
  return {
    ABNORMAL_STARTUP: 'TRUE',
    ABNORMAL_STARTUP_ERRORCODE: code,
    ABNORMAL_STARTUP_ERRNO: '28',
    ABNORMAL_STARTUP_STRERROR: 'No space left on device',
    ABNORMAL_STARTUP_MESSAGE: 'The home directory could not be written.',
  };
}

/** What Kubernetes says while a pod comes up; an image that is on no node yet must be fetched first. */
function podEvents(lab: Lab, username: string): string[] {
  const { image } = lab.options;
  const fetched = image.config.prepulled
    ? [`Container image "${image.reference}" already present on machine`]
    : [
        `Pulling image "${image.reference}"`,
        `Successfully pulled image "${image.reference}" in 41.207s (41.207s including waiting). Image size: 4123456789 bytes.`,
      ];
  return [
    `Successfully assigned nublado-${username}/${username}-nb to local-node-1`,
    ...fetched,
    'Created container: notebook',
    'Started container notebook',
  ];
}

export function tellDeletion(username: string, events: LabEvents, from: number, to: number): void {
  const half = from + Math.trunc((to - from) / 2);
  events.put({ type: 'info', message: 'Shutting down Kubernetes pod', progress: from });
  events.put({ type: 'info', message: 'Deleting user namespace', progress: half });
  events.put({ type: 'info', message: `Lab for ${username} deleted`, progress: to });
}
