/**
 * Takes the place of the native module @vscode/native-watchdog in the VS Code that tests and the demo run in: the
 * process ends when the one it watches is gone.
 */
const { setInterval } = require('node:timers');

const LOOK_EVERY_MS = 3_000;

exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, LOOK_EVERY_MS).unref();
};
exports.exit = (code) => process.exit(code || 0);
