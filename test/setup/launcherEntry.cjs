/**
 * Runs in VS Code's extension host in front of the real test entry point, and hands what the tests print to the
 * launcher through a file: VS Code mixes it with its own log otherwise.
 */
const { Console } = require('node:console');
const fs = require('node:fs');
const { Writable } = require('node:stream');

const output = process.env.RSP_NOTEBOOKS_TEST_OUTPUT;
const tests = process.env.RSP_NOTEBOOKS_TEST_ENTRY;

exports.run = async () => {
  fs.appendFileSync(output, '');
  const relay = new Writable({
    write(chunk, _encoding, done) {
      fs.appendFileSync(output, chunk);
      done();
    },
  });
  Object.defineProperty(globalThis, 'console', {
    value: new Console(relay),
    configurable: true,
    writable: true,
  });
  process.stdout.write = relay.write.bind(relay);
  await require(tests).run();
};
