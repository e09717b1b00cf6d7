// The other end of kernel sockets, in a process of its own: answers each cell, or floods the client with output first.
const { Buffer } = require('node:buffer');
const { URL } = require('node:url');
const { WebSocketServer } = require('ws');

const WORD_BYTES = 8;
const MIB = 1024 * 1024;

function frame(channel, header, parent, content) {
  const parts = [channel, ...[header, parent, {}, content].map((part) => JSON.stringify(part))].map((part) =>
    Buffer.from(part),
  );
  const head = Buffer.alloc(WORD_BYTES * (parts.length + 2));
  let at = head.length;
  head.writeBigUInt64LE(BigInt(parts.length + 1), 0);
  [...parts, Buffer.alloc(0)].forEach((part, index) => {
    head.writeBigUInt64LE(BigInt(at), WORD_BYTES * (index + 1));
    at += part.length;
  });
  return Buffer.concat([head, ...parts]);
}

function headerOf(bytes) {
  const at = (index) => Number(bytes.readBigUInt64LE(WORD_BYTES * (index + 1)));
  return JSON.parse(bytes.toString('utf8', at(1), at(2)));
}

const type = (name) => ({ msg_id: name, msg_type: name, session: 'lab', username: 'v', version: '5.4' });
const sent = (socket, bytes) => new Promise((resolve) => socket.send(bytes, { binary: true }, resolve));

/** Half of it in the pieces in which programs print, half in the size of large plots. */
async function flood(socket, parent, mib) {
  for (const size of [8 * 1024, 5 * MIB]) {
    const output = frame('iopub', type('stream'), parent, { name: 'stdout', text: 'x'.repeat(size) });
    for (let left = (mib / 2) * MIB; left > 0; left -= size) await sent(socket, output);
  }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () =>
  process.send({ port: server.address().port }),
);
server.on('connection', (socket, { url }) => {
  const mib = Number(new URL(url, 'http://lab').searchParams.get('mib') ?? 0);
  socket._socket.setNoDelay(true);
  socket.on('message', async (bytes) => {
    const parent = headerOf(bytes);
    if (mib > 0) await flood(socket, parent, mib);
    socket.send(frame('shell', { ...type('execute_reply') }, parent, { status: 'ok', execution_count: 1 }));
  });
});
process.on('disconnect', () => process.exit());
