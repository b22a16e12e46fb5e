// HTTP as hostile or clumsy clients speak it, over raw sockets. The server answers or closes, and goes on serving.
import net from 'node:net';
import {expect, run, sleep, test, until} from '../lib/check.mjs';
import {raw} from '../lib/http.mjs';
import {makeLibrary} from '../lib/library.mjs';
import {Server} from '../lib/server.mjs';

const server = await Server.start();
const admin = await server.admin();
await makeLibrary(admin);

const head = (line, ...headers) => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;
const authorization = `Authorization: Bearer ${admin.token}`;
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
const healthy = async () => expect.equal((await server.nobody().request('GET', '/__health_check', {timeout: 2000})).text, 'ok', 'health afterwards');

test('pipelined requests are answered in order', async () => {
  const keys = Array.from({length: 60}, (_, i) => (i % 3) + 1);
  const {text} = await raw(server.base, keys.map((key) => head(`GET /api/books:get/${key}?fields=id`, authorization)).join(''));
  expect.equal(statuses(text), keys.map(() => 200), 'statuses');
  expect.equal([...text.matchAll(/"data":\{"id":(\d)\}/g)].map((match) => Number(match[1])), keys, 'order of answers');
});

test('pipelined writes and reads see each other', async () => {
  const body = JSON.stringify({title: 'Pipelined', authorId: 1});
  const {text} = await raw(server.base, head('POST /api/books:create', authorization, 'Content-Type: application/json', `Content-Length: ${body.length}`) + body
    + head('GET /api/books:list?filter=%7B%22title%22%3A%22Pipelined%22%7D&fields=title', authorization));
  expect.equal(statuses(text), [200, 200], 'statuses');
  expect.match(text, /"count":1/, 'the list sees the row');
});

test('a request in many small pieces is understood', async () => {
  const text = head('GET /api/app:getInfo');
  const answer = await raw(server.base, text.match(/.{1,7}/gs), {gap: 5});
  expect.equal(statuses(answer.text), [200], 'status');
});

test('a half-closed connection gets its answer', async () => {
  const answer = await raw(server.base, head('GET /api/books:list', authorization), {half: true});
  expect.equal(statuses(answer.text), [200], `status (${answer.how})`);
  expect.match(answer.text, /"totalPage":1/, 'the whole body');
});

test('rubbish is refused and closed', async () => {
  const cases = {
    'no HTTP': 'hello\r\n\r\n',
    'a TLS hello': Buffer.from('160301020001000001fc0303', 'hex'),
    'a bad version': `GET / HTTP/9.9\r\nHost: x\r\n\r\n`,
    'a bad header': `GET / HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n`,
    'a negative length': head('POST /api/books:create', 'Content-Length: -5'),
    'a length that is no number': head('POST /api/books:create', 'Content-Length: many'),
    'two different lengths': `${head('POST /api/books:create', 'Content-Length: 5', 'Content-Length: 50')}hello`,
    'a bad chunk': `${head('POST /api/books:create', authorization, 'Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`,
    'a zero byte in the head': 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n',
  };
  for (const [what, bytes] of Object.entries(cases)) {
    const answer = await raw(server.base, bytes, {wait: 3000});
    for (const status of statuses(answer.text)) expect.true((status >= 400 && status < 500) || status === 501 || status === 505, `${what}: ${answer.text.slice(0, 200)}`);
    expect.equal(answer.how === 'silence', false, `${what}: the connection stays open (${answer.text.slice(0, 100)})`);
    await healthy();
  }
});

test('SEC-08 length and chunks together are no smuggling', async () => {
  const inner = head('GET /api/app:getInfo');
  const {text} = await raw(server.base, `${head('POST /api/books:create', authorization, 'Content-Type: application/json', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${inner}`, {wait: 2000});
  expect.true(statuses(text)[0] >= 400, `first answer: ${text.slice(0, 120)}`);
  expect.below(statuses(text).length, 1, 'answers on that connection');
});

test('SEC-08 other methods are 405, override headers are ignored', async () => {
  for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'FOO']) {
    const {text} = await raw(server.base, head(`${method} /api/books:list`, authorization));
    expect.true([400, 405, 501].includes(statuses(text)[0]), `${method}: ${text.slice(0, 100)}`);
  }
  const {text} = await raw(server.base, head('GET /api/books:list', authorization, 'X-HTTP-Method-Override: DELETE'));
  expect.equal(statuses(text), [200], 'override header');
  await healthy();
});

test('an oversized head is refused', async () => {
  for (const [what, line, header] of [['header', 'GET /api/app:getInfo', `X-Big: ${'a'.repeat(20_000)}`], ['target', `GET /api/app:getInfo?x=${'a'.repeat(20_000)}`, 'X-Small: a']]) {
    const {text, how} = await raw(server.base, head(line, header));
    expect.true(how !== 'silence', `${what}: the connection stays open`);
    if (text) expect.true([400, 414, 431].includes(statuses(text)[0]), `${what}: ${text.slice(0, 100)}`);
    await healthy();
  }
});

test('API-007 an oversized body is 413 in the envelope, announced or not', async () => {
  const announced = await raw(server.base, head('POST /api/books:create', authorization, 'Content-Type: application/json', `Content-Length: ${20 << 20}`));
  expect.equal(statuses(announced.text), [413], 'announced');
  expect.match(announced.text, /"errors":\[\{.*request entity too large/, 'envelope');
  const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
  const streamed = await raw(server.base, [head('POST /api/books:create', authorization, 'Content-Type: application/json', 'Transfer-Encoding: chunked'), ...Array.from({length: 170}, () => chunk)], {wait: 3000});
  if (streamed.text) expect.equal(statuses(streamed.text)[0], 413, 'streamed');
  else expect.true(['ECONNRESET', 'EPIPE', 'closed'].includes(streamed.how), `streamed: ${streamed.how}`);
  await healthy();
});

test('a chunked body is read', async () => {
  const body = JSON.stringify({title: 'Chunked'});
  const chunks = body.match(/.{1,5}/gs).map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
  const {text} = await raw(server.base, `${head('POST /api/books:create', authorization, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`);
  expect.equal(statuses(text), [200], text.slice(0, 300));
  expect.match(text, /"title":"Chunked"/);
});

test('the end of a chunked body may come byte by byte', async () => {
  for (const body of ['0\r\n\r\n', '2\r\n{}\r\n0\r\n\r\n', '0\r\nTrailer: x\r\n\r\n']) {
    const {text, how} = await raw(server.base, [head('POST /api/nosuch:create', authorization, 'Content-Type: application/json', 'Transfer-Encoding: chunked'), ...body], {gap: 15, wait: 3000});
    expect.equal(statuses(text), [404], `${JSON.stringify(body)} (${how})`);
    await healthy();
  }
});

test('Expect: 100-continue is answered', async () => {
  const body = '{"title":"Continued"}';
  const socket = net.connect(server.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => { text += chunk; });
  socket.write(head('POST /api/books:create', authorization, 'Content-Type: application/json', `Content-Length: ${body.length}`, 'Expect: 100-continue'));
  await sleep(300);
  socket.write(body);
  await until('the answer', () => /HTTP\/1\.1 200/.test(text), {seconds: 5});
  socket.destroy();
});

test('HTTP/1.0 and Connection: close are closed after the answer', async () => {
  for (const bytes of [`GET /__health_check HTTP/1.0\r\n\r\n`, head('GET /__health_check', 'Connection: close')]) {
    const {text, how} = await raw(server.base, bytes, {wait: 3000});
    expect.match(text, /ok$/, 'body');
    expect.equal(how, 'closed', 'connection');
  }
});

test('a client that goes away during a long answer harms nobody', async () => {
  const before = server.memory();
  await admin.must(admin.post('genres:create', Array.from({length: 3000}, (_, i) => ({label: `${'filler '.repeat(20)}${i}`}))));
  for (let i = 0; i < 30; i++) {
    await new Promise((resolve) => {
      const socket = net.connect(server.port, '127.0.0.1', () => {
        socket.write(head('GET /api/genres:list?paginate=false', authorization));
        socket.once('data', () => {
          socket.destroy();
          resolve();
        });
      });
      socket.on('error', resolve);
    });
  }
  await healthy();
  expect.below(server.memory() - before, 80, 'MiB more than before');
});

test('slow-loris connections are closed, others are served meanwhile', async () => {
  const sockets = Array.from({length: 200}, () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write('GET /api/app:getInfo HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    socket.on('error', () => {});
    socket.closedBy = new Promise((resolve) => socket.on('close', resolve));
    // Reading is what notices the end of the connection.
    socket.resume();
    return socket;
  });
  let closed = 0;
  for (const socket of sockets) socket.closedBy.then(() => closed++);
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('a')), 1000);
  const worst = [];
  for (let i = 0; i < 20; i++) {
    worst.push((await admin.get('books:list')).ms);
    await sleep(50);
  }
  expect.below(Math.max(...worst), 1000, 'milliseconds of the slowest honest request');
  await until('the slow connections to be closed', () => closed === sockets.length, {seconds: 40, every: 200});
  clearInterval(drip);
}, {seconds: 60});

test('a slow body does not hold the connection for ever', async () => {
  const socket = net.connect(server.port, '127.0.0.1');
  let ended = false;
  socket.on('error', () => {});
  socket.on('close', () => { ended = true; });
  socket.resume();
  socket.write(`${head('POST /api/books:create', authorization, 'Content-Type: application/json', 'Content-Length: 1000')}{`);
  await until('the connection to be closed', () => ended, {seconds: 70, every: 200});
}, {seconds: 80});

test('a thousand idle connections are cheap', async () => {
  const before = server.memory();
  const sockets = await Promise.all(Array.from({length: 1000}, () => new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(head('GET /__health_check')));
    socket.once('data', () => resolve(socket));
    socket.on('error', reject);
  })));
  expect.below(server.memory() - before, 60, 'MiB for 1 000 connections');
  expect.below((await admin.get('books:list')).ms, 500, 'milliseconds of a request beside them');
  for (const socket of sockets) socket.destroy();
  await healthy();
});

await run('process-http');
