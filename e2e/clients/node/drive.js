// Calls a WebHDFS client as it is told to: one JSON object on each line of standard input, one on standard output for its
// answer. What is asked for is a method of the client with its arguments, or a stream:
//
//   {"call": "rename", "arguments": ["/a", "/b"]}
//   {"write": "/a", "append": false, "options": {}, "how": "pipe", "parts": ["aGVsbG8="]}
//   {"read": "/a", "options": {"offset": 3}}
//
// Content is in base64. The answer is {"result": …} or {"error": "…"}.
'use strict';

const readline = require('readline');
const { Readable } = require('stream');
const WebHDFS = require('webhdfs');

const [options, requestParameters] = JSON.parse(process.env.CLIENT);
const client = WebHDFS.createClient(options, requestParameters);
const bytes = (text) => Buffer.from(text, 'base64');

function call({ call: method, arguments: given }) {
  return new Promise((resolve, reject) => {
    // exists has no error to give.
    const done = method === 'exists' ? resolve : (error, result) => (error ? reject(error) : resolve(result));
    client[method](...given.map((a) => (a !== null && a.base64 !== undefined ? bytes(a.base64) : a)), done);
  });
}

function write({ write: path, append, options, how, parts }) {
  return new Promise((resolve, reject) => {
    const remote = client.createWriteStream(path, append, options);
    remote.on('error', reject);
    remote.on('finish', resolve);
    if (how === 'pipe') {
      Readable.from(parts.map(bytes), { objectMode: false }).pipe(remote);
      return;
    }
    // As any stream is written to: what is sent then is part of the first request.
    parts.forEach((part) => remote.write(bytes(part)));
    remote.end();
    remote.on('response', (reply) => (reply.statusCode < 300 ? resolve(`${reply.statusCode}`) : undefined));
  });
}

function read({ read: path, options }) {
  return new Promise((resolve, reject) => {
    const parts = [];
    const remote = client.createReadStream(path, options);
    remote.on('error', reject);
    remote.on('data', (part) => parts.push(part));
    remote.on('finish', () => resolve(Buffer.concat(parts)));
  });
}

async function answer(line) {
  const asked = JSON.parse(line);
  try {
    const result = await (asked.call ? call(asked) : asked.write ? write(asked) : read(asked));
    return { result: Buffer.isBuffer(result) ? { base64: result.toString('base64') } : result };
  } catch (error) {
    return { error: error.message };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n');
  }
})();
