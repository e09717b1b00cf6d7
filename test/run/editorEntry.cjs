'use strict';
// The specs are TypeScript, and some of what they load is imported when it is first used: both loaders are needed.
require('tsx/cjs/api').register();
require('tsx/esm/api').register();
module.exports = require('./editorSuite.ts');
