// Prints how many milliseconds it takes to load a file: node evaluate.cjs FILE
//
// The module "vscode", which only the editor has, is stood in for by something that is, has and does everything.
'use strict';

const Module = require('node:module');
const process = require('node:process');
const { performance } = require('node:perf_hooks');

const anything = new Proxy(class {}, {
  get: (target, name) =>
    name === 'prototype' ? target.prototype : name === Symbol.toPrimitive ? () => 0 : anything,
  apply: () => anything,
});

// Bundlers copy what a module has of its own and inherit the rest; "everything" can only be inherited.
const vscode = Object.create(anything);

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const file = process.argv[2];
const startedMs = performance.now();
require(file);
const tookMs = performance.now() - startedMs;
process.stdout.write(`${tookMs}\n`, () => process.exit(0));
