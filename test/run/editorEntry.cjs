// Loaded by VS Code in the process that runs extensions, which knows no TypeScript by itself.
'use strict';

require('tsx/cjs');
module.exports = require('./editorSuite.ts');
