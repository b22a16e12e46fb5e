// An HTTP client that sends exactly what it is told and never throws for a status.
import http from 'node:http';
import net from 'node:net';

const agent = new http.Agent({keepAlive: true, maxSockets: 64});

/** {status, headers, text, json, data, errors, ms} of one request. `path` without a leading slash is below /api/. */
export function request(base, method, path, {body, headers = {}, token, query, timeout = 60_000} = {}) {
  const address = new URL(base);
  let target = path.startsWith('/') ? path : `/api/${path}`;
  if (query) target += `${target.includes('?') ? '&' : '?'}${encodeQuery(query)}`;
  const bytes = body === undefined || Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  const all = {...(token ? {authorization: `Bearer ${token}`} : {}), ...headers};
  if (bytes !== undefined && !Object.keys(all).some((name) => name.toLowerCase() === 'content-type')) all['content-type'] = 'application/json';
  if (bytes !== undefined) all['content-length'] = Buffer.byteLength(bytes);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = http.request({host: address.hostname, port: address.port, method, path: target, headers: all, agent, timeout}, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({request: `${method} ${target.slice(0, 200)}`, status: response.statusCode, headers: response.headers, text, json,
          data: json?.data, meta: json?.meta, errors: json?.errors, ms: performance.now() - started});
      });
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${timeout} ms to ${method} ${target.slice(0, 200)}`)));
    call.on('error', reject);
    call.end(bytes);
  });
}

/** filter as JSON, arrays as name[]=, as NocoBase's clients write it. */
export function encodeQuery(query) {
  const parts = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (Array.isArray(value) && name !== 'filter') value.forEach((item) => parts.push([`${name}[]`, item]));
    else parts.push([name, value !== null && typeof value === 'object' ? JSON.stringify(value) : value]);
  }
  return parts.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

/** A client of one server: get, post, and must (2xx or an error that tells). */
export class Client {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }
  request(method, path, options = {}) { return request(this.base, method, path, {token: this.token, ...options}); }
  get(path, query, options) { return this.request('GET', path, {query, ...options}); }
  post(path, body, query, options) { return this.request('POST', path, {body, query, ...options}); }
  async must(answer) {
    const done = await answer;
    if (done.status < 200 || done.status > 299) throw new Error(`${done.request} was refused: ${done.status} ${done.text.slice(0, 400)}`);
    return done;
  }
  async signIn(account, password) {
    const done = await this.must(request(this.base, 'POST', 'auth:signIn', {body: {account, password}}));
    return new Client(this.base, done.data.token);
  }
}

/** Raw bytes over a socket; everything that came back until the server closed or `wait` ms of silence passed. */
export function raw(base, pieces, {wait = 1500, half = false, gap = 0} = {}) {
  const {hostname, port} = new URL(base);
  return new Promise((resolve) => {
    const chunks = [];
    const socket = net.connect({host: hostname, port: Number(port), allowHalfOpen: half});
    let timer;
    let closed = false;
    const done = (how) => {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({text: Buffer.concat(chunks).toString('latin1'), how});
    };
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => done('silence'), wait);
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      alive();
    });
    socket.on('end', () => done('closed'));
    socket.on('close', () => done('closed'));
    socket.on('error', (fault) => done(fault.code));
    socket.on('connect', async () => {
      alive();
      for (const piece of [].concat(pieces)) {
        if (closed) return;
        socket.write(piece);
        alive();
        if (gap) await new Promise((next) => setTimeout(next, gap));
      }
      if (half && !closed) socket.end();
    });
  });
}
