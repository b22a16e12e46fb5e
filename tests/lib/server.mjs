// Starts the real program on a free port with a data folder of its own, and stops it as an operator would.
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {atEnd, sleep} from './check.mjs';
import {Client, request} from './http.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const program = path.resolve(process.env.RENKEI_PROGRAM ?? path.join(root, 'build/release/renkei'));
export const administrator = {email: 'admin@example.com', password: 'Admin-Pass-2026'};

export function freePort() {
  return new Promise((resolve, reject) => {
    const listener = net.createServer();
    listener.on('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const {port} = listener.address();
      listener.close(() => resolve(port));
    });
  });
}

const folders = [];
export function temporaryFolder(word = 'data') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `renkei-${word}-`));
  folders.push(folder);
  return folder;
}

const running = new Set();
// However this process ends, no server outlives it and no folder stays behind.
process.on('exit', () => {
  for (const server of running) server.process.kill('SIGKILL');
  for (const folder of folders) fs.rmSync(folder, {recursive: true, force: true});
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The environment a server gets: nothing of ours but what the test says. */
function environment(extra) {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RENKEI_|DB_|APP_|INIT_)/.test(name)));
  return {...kept, RENKEI_ADMIN_EMAIL: administrator.email, RENKEI_ADMIN_PASSWORD: administrator.password, RENKEI_RATE_LIMIT: 'off',
    ASAN_OPTIONS: 'detect_leaks=0', ...extra};
}

/** Runs the program to its end: {code, out, ms}. For commands that are not servers, and for starts that must fail. */
export function once(args, {env = {}, input = '', seconds = 20, bare = false} = {}) {
  const started = performance.now();
  const done = spawnSync(program, args, {env: bare ? {PATH: process.env.PATH, ...env} : environment(env), input, encoding: 'utf8', timeout: seconds * 1000, killSignal: 'SIGKILL'});
  return {code: done.status, signal: done.signal, out: `${done.stdout}${done.stderr}`, stdout: done.stdout, stderr: done.stderr, ms: performance.now() - started};
}

export class Server {
  /** `env` wins over the defaults; an undefined value removes one. */
  static async start({data = temporaryFolder(), database, env = {}, args = [], port, wait = true} = {}) {
    const server = new Server();
    server.data = data;
    server.port = port ?? await freePort();
    server.base = `http://127.0.0.1:${server.port}`;
    server.log = '';
    const all = environment({...(database ? {RENKEI_DATABASE_URL: database} : {}), ...env});
    for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
    server.started = performance.now();
    server.process = spawn(program, ['serve', '--listen', `127.0.0.1:${server.port}`, '--data', data, ...args], {env: all, stdio: ['ignore', 'pipe', 'pipe']});
    running.add(server);
    server.ended = new Promise((resolve) => server.process.on('exit', (code, signal) => {
      running.delete(server);
      server.exit = {code, signal};
      resolve(server.exit);
    }));
    for (const stream of [server.process.stdout, server.process.stderr]) stream.on('data', (chunk) => { server.log += chunk; });
    atEnd(() => server.stop());
    if (wait) await server.ready();
    return server;
  }

  /** Milliseconds from start to the first healthy answer. */
  async ready(seconds = 30) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      if (this.exit) throw new Error(`the server ended with ${this.exit.code ?? this.exit.signal} instead of serving:\n${this.log.slice(-2000)}`);
      const answer = await request(this.base, 'GET', '/__health_check', {timeout: 2000}).catch(() => undefined);
      if (answer?.status === 200 && answer.text === 'ok') return (this.startTime = performance.now() - this.started);
      if (Date.now() > end) throw new Error(`the server is not healthy after ${seconds} s:\n${this.log.slice(-2000)}`);
      await sleep(2);
    }
  }

  /** SIGTERM, and its end: {code, signal, ms}. */
  async stop(seconds = 10) {
    if (this.exit) return {...this.exit, ms: 0};
    const started = performance.now();
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), seconds * 1000);
    const exit = await this.ended;
    clearTimeout(timer);
    return {...exit, ms: performance.now() - started};
  }
  async kill() {
    this.process.kill('SIGKILL');
    return this.ended;
  }

  /** Resident memory in MiB. */
  memory() {
    const pages = fs.readFileSync(`/proc/${this.process.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/);
    return Number(pages[1]) / 1024;
  }

  nobody() { return new Client(this.base); }
  admin() { return this.nobody().signIn(administrator.email, administrator.password); }
  /** A signed-in user who holds these roles. */
  async user(admin, {name = 'member', roles = ['member'], password = 'Member-Pass-2026'} = {}) {
    const made = await admin.must(admin.post('users:create', {nickname: name, username: name, email: `${name}@example.com`, password, roles}));
    const client = await this.nobody().signIn(name, password);
    client.id = made.data.id;
    return client;
  }
}
