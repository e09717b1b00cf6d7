import { tmpdir } from 'node:os';

import { startSupervised } from '../supervised';

/** Stands for a platform that gets killed: starts a command and waits for its end. Arguments: Python, the command's. */
const [python = 'python3', ...args] = process.argv.slice(2);
startSupervised(python, args, { python, cwd: tmpdir(), env: {}, log: () => undefined });
