// Lets the tests that are published with webhdfs run against GRANARY_SIMPLE_URL. They start a server of their own, of
// packages of the same author that keep files in memory; in their place stands here one that passes every request on. As
// it could be set up for a NameNode, a request without user.name is root's (hadoop.http.staticuser.user), because one test
// appends without a user to what another has written as the user who runs it.
'use strict';

const http = require('http');
const Module = require('module');
const os = require('os');

const superuser = 'root';
const target = new URL(process.env.GRANARY_SIMPLE_URL);

function pass(request, reply) {
  const address = new URL(request.url, target);
  if (!address.searchParams.has('user.name')) {
    address.searchParams.set('user.name', superuser);
  }
  const onward = http.request(address, { method: request.method, headers: { ...request.headers, host: target.host } }, (answer) => {
    reply.writeHead(answer.statusCode, answer.headers);
    answer.pipe(reply);
  });
  onward.on('error', (error) => reply.destroy(error));
  request.pipe(onward);
}

const proxy = {
  createServer: (options, storage, done) => http.createServer(pass).listen(options.http.port, '127.0.0.1', done).unref(),
};

os.userInfo = () => ({ username: superuser });
const load = Module._load;
Module._load = (name, ...rest) => (name === 'webhdfs-proxy' ? proxy : name === 'webhdfs-proxy-memory' ? {} : load(name, ...rest));
