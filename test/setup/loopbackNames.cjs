// For `node --require`: sends every name that ends in .localhost to this computer.
//
// The platform's virtual hosts are such names. Browsers resolve them by themselves; Node asks the system, and a
// plain Debian knows none but "localhost" itself.
'use strict';

const dns = require('node:dns');

const ADDRESS = '127.0.0.1';
const isLoopbackName = (name) => typeof name === 'string' && /(^|\.)localhost\.?$/i.test(name);

const lookup = dns.lookup;
dns.lookup = function loopbackLookup(name, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  if (!isLoopbackName(name) || typeof done !== 'function') return lookup.call(dns, name, options, callback);
  const wanted = typeof options === 'object' && options !== null ? options : {};
  const found = wanted.all ? [null, [{ address: ADDRESS, family: 4 }]] : [null, ADDRESS, 4];
  process.nextTick(done, ...found);
  return undefined;
};

const promised = dns.promises.lookup;
dns.promises.lookup = async function loopbackLookup(name, options) {
  if (!isLoopbackName(name)) return promised.call(dns.promises, name, options);
  const found = { address: ADDRESS, family: 4 };
  return options && options.all ? [found] : found;
};
