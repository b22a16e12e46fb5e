// The throw-away PostgreSQL cluster of a test run, and a fresh database for whoever asks.
// tests/run.mjs starts one cluster for all suites (RENKEI_TEST_POSTGRES); a suite run by hand starts its own.
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {atEnd} from './check.mjs';

const script = fileURLToPath(new URL('./postgres.sh', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export class Cluster {
  constructor(url, folder) {
    this.url = url;
    this.folder = folder;
  }
  static start(name = `test-${process.pid}`) {
    const folder = path.join(root, 'build', `postgres-${name}`);
    const url = execFileSync(script, ['start', folder], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']}).trim();
    const cluster = new Cluster(url, folder);
    process.on('exit', () => cluster.stop());  // however this process ends
    return cluster;
  }
  #call(word) { execFileSync(script, [word, this.folder], {stdio: ['ignore', 'ignore', 'inherit']}); }
  stop() {
    if (!this.stopped) this.#call('stop');
    this.stopped = true;
  }
  halt() { this.#call('halt'); }
  resume() { this.#call('resume'); }
}

let own;
/** URL of the cluster's maintenance database. */
export function clusterUrl() {
  if (process.env.RENKEI_TEST_POSTGRES) return process.env.RENKEI_TEST_POSTGRES;
  if (!own) {
    own = Cluster.start();
    atEnd(() => own.stop());
  }
  return own.url;
}

/** Runs SQL with psql and gives its output, cells separated by `|`. */
export function sql(url, text) {
  return execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', text], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();
}

let counter = 0;
/** A new, empty database of the cluster: its URL. Dropped with the cluster. */
export function freshDatabase(cluster = clusterUrl()) {
  const name = `t${process.pid}_${++counter}`;
  sql(cluster, `create database ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}
