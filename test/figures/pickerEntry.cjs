'use strict';
// What runs inside VS Code is TypeScript, and some of what it loads is imported when it is first used.
require('tsx/cjs/api').register();
require('tsx/esm/api').register();
module.exports = require('./pickerInside.ts');
