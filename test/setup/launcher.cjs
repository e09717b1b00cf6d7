#!/usr/bin/env node
/** Started by @vscode/test-electron in place of a desktop VS Code; the work is done in launcherMain.ts. */
require('tsx/cjs');
require('./launcherMain');
